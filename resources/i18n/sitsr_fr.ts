<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
    <context>
        <name>sitsr</name>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source> and {count} more</source>
            <translation> et {count} de plus</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/questions.py" />
            <source>'{folder}' holds a result that this run would replace.</source>
            <translation>« {folder} » contient un résultat que ce calcul remplacerait.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/questions.py" />
            <source>'{folder}' holds {count} results that this run would replace.</source>
            <translation>« {folder} » contient {count} résultats que ce calcul remplacerait.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>'{label}' was not given.</source>
            <translation>« {label} » n'a pas été donné.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/models.py" />
            <source>'{name}' comes with sitsr and cannot be removed.</source>
            <translation>« {name} » est fourni avec sitsr et ne peut pas être supprimé.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>'{name}' has no {bands}.</source>
            <translation>« {name} » n'a pas {bands}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>'{name}' has {count} band{s}, and nothing says which are B02, B03, B04 and B08.</source>
            <translation>« {name} » a {count} bande{s}, et rien ne dit lesquelles sont B02, B03, B04 et B08.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>'{name}' is damaged or cut short: rows {first} to {last} cannot be read.</source>
            <translation>« {name} » est endommagé ou tronqué : les lignes {first} à {last} ne peuvent pas être lues.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>'{name}' is not a raster layer.</source>
            <translation>« {name} » n'est pas une couche raster.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>'{name}' is not a raster that can be read.</source>
            <translation>« {name} » n'est pas un raster lisible.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>'{name}' reads '{missing}', which does not exist.</source>
            <translation>« {name} » lit « {missing} », qui n'existe pas.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>'{name}' was added. Give this name as the model of a run.</source>
            <translation>« {name} » a été ajouté. Donnez ce nom comme modèle d'une exécution.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>'{name}' was removed.</source>
            <translation>« {name} » a été supprimé.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/base.py" />
            <source>'{path}' cannot be read as a raster.</source>
            <translation>« {path} » ne peut pas être lu comme raster.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/models.py" />
            <source>'{path}' cannot be removed: {reason}.</source>
            <translation>« {path} » ne peut pas être supprimé : {reason}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/places.py" />
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>'{path}' cannot be written: a part of its path is a file, not a folder.</source>
            <translation>« {path} » ne peut pas être écrit : une partie de son chemin est un fichier, pas un dossier.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/places.py" />
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>'{path}' cannot be written: its name is too long.</source>
            <translation>« {path} » ne peut pas être écrit : son nom est trop long.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/places.py" />
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>'{path}' cannot be written: permission denied.</source>
            <translation>« {path} » ne peut pas être écrit : permission refusée.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/places.py" />
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>'{path}' cannot be written: {reason}.</source>
            <translation>« {path} » ne peut pas être écrit : {reason}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>'{path}' does not exist.</source>
            <translation>« {path} » n'existe pas.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment.py" />
            <source>'{path}' is Python {version}; the worker needs {minimum} or later.</source>
            <translation>« {path} » est Python {version} ; le calcul demande {minimum} ou plus récent.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>'{path}' is neither a layer of the project nor an existing file.</source>
            <translation>« {path} » n'est ni une couche du projet ni un fichier existant.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/task.py" />
            <source>'{path}' was written but cannot be loaded.</source>
            <translation>« {path} » a été écrit mais ne peut pas être chargé.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment.py" />
            <source>'{path}', given by {source}, did not answer as a Python interpreter (exit code {code}).</source>
            <translation>« {path} », donné par {source}, n'a pas répondu comme un interpréteur Python (code de sortie {code}).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>'{text}' does not say which band is which.</source>
            <translation>« {text} » ne dit pas quelle bande est laquelle.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>'{text}' is not a date.</source>
            <translation>« {text} » n'est pas une date.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>0 GeoTIFF, 1 cloud-optimised GeoTIFF, which can be read in parts over the internet. QGIS opens both.</source>
            <translation>0 GeoTIFF, 1 GeoTIFF optimisé pour le cloud, lisible par morceaux par internet. QGIS ouvre les deux.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>0 faithful: the expected image, best for measurements, and fastest. 1 detailed: one plausible image with sharper texture, best to look at. 2 detailed with uncertainty: the mean of several such images, and the error to be expected of it.</source>
            <translation>0 fidèle : l'image attendue, la meilleure pour mesurer et la plus rapide. 1 détaillé : une image plausible à la texture plus nette, la meilleure à regarder. 2 détaillé avec incertitude : la moyenne de plusieurs de ces images, et l'erreur à en attendre.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>1 input date</source>
            <translation>1 date d'entrée</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>1 super-resolved date</source>
            <translation>1 date super-résolue</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>: a guess; give Scale and Offset to be sure</source>
            <translation> : une supposition ; donnez Échelle et Décalage pour en être sûr</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>A GeoTIFF, or a folder for several dates. Left empty, a temporary one.</source>
            <translation>Un GeoTIFF, ou un dossier pour plusieurs dates. Vide : temporaire.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>A GeoTIFF. Not used when several dates are asked.</source>
            <translation>Un GeoTIFF. Non utilisé quand plusieurs dates sont demandées.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>A GeoTIFF. When it is loaded, the series and the true scene are too.</source>
            <translation>Un GeoTIFF. Quand il est chargé, la série et la scène vraie le sont aussi.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>A Python 3.11 or later that has the packages of resources/requirements.</source>
            <translation>Un Python 3.11 ou plus récent qui a les paquets de resources/requirements.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>A file or folder may not be written.</source>
            <translation>Un fichier ou un dossier ne peut pas être écrit, faute de droits.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>A file with the columns layer and date that says the date of each raster, or of each position in a stack.</source>
            <translation>Un fichier avec les colonnes layer et date, qui donne la date de chaque raster ou de chaque position dans une pile.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>A folder</source>
            <translation>Un dossier</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>A library of the operating system is missing or too old.</source>
            <translation>Une bibliothèque du système manque ou est trop ancienne.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>A package is not the one that sitsr was made with: its hash differs.</source>
            <translation>Un paquet n'est pas celui avec lequel sitsr a été fait : son empreinte diffère.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>A part of the image: the map's extent, a layer's, or one drawn. Empty for all of it.</source>
            <translation>Une partie de l'image : l'emprise de la carte, celle d'une couche, ou dessinée. Vide : toute l'image.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>A raster whose bands are those of the first date, then those of the second, and so on.</source>
            <translation>Un raster dont les bandes sont celles de la première date, puis celles de la deuxième, et ainsi de suite.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>A raster with blue, green, red and, if it has it, near infrared; of any pixel size. At most 4096 x 4096 pixels.</source>
            <translation>Un raster avec bleu, vert, rouge et, s'il l'a, proche infrarouge ; de toute taille de pixel. Au plus 4096 x 4096 pixels.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>A virtual or conda environment that you made: choose its python program.</source>
            <translation>Un environnement virtuel ou conda que vous avez créé : choisissez son programme python.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>About {share} of the only date is as bright as cloud, and is kept, because it may be ground. Give a mask to leave clouds out, or more dates to tell the two apart.</source>
            <translation>Environ {share} de la seule date est aussi clair qu'un nuage et est gardé, parce que ce peut être le sol. Donnez un masque pour écarter les nuages, ou d'autres dates pour distinguer les deux.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/estimate.py" />
            <source>About {time} at the pace of the last run.</source>
            <translation>Environ {time} au rythme de la dernière exécution.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Add a clear date, or correct the masks: a mask must not be 0 where the sky is clear; an SCL is read by its classes.</source>
            <translation>Ajoutez une date claire ou corrigez les masques : un masque doit être différent de 0 là où le ciel est clair ; une SCL est lue par ses classes.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Add a clear date, or give a mask if the clear-sky estimate is wrong.</source>
            <translation>Ajoutez une date claire, ou donnez un masque si l'estimation du ciel clair est fausse.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>Add a model</source>
            <translation>Ajouter un modèle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>Add from a file…</source>
            <translation>Ajouter depuis un fichier…</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_panel.py" />
            <source>Add images of one place on several dates, or choose where they are above. Even one date works.</source>
            <translation>Ajoutez des images d'un même lieu à plusieurs dates, ou choisissez ci-dessus où elles se trouvent. Une seule date suffit aussi.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>Add layers</source>
            <translation>Ajouter des couches</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>Add the selected layers, all raster layers, or those of a group to the series; results of sitsr only when selected.</source>
            <translation>Ajouter à la série les couches sélectionnées, toutes les couches raster ou celles d'un groupe ; les résultats de sitsr seulement s'ils sont sélectionnés.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>All files written</source>
            <translation>Tous les fichiers écrits</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>All raster layers ({count})</source>
            <translation>Toutes les couches raster ({count})</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/places.py" />
            <source>Already written, and kept: {paths}.</source>
            <translation>Déjà écrit, et gardé : {paths}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>Also write</source>
            <translation>Écrire aussi</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Another day</source>
            <translation>Un autre jour</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Another run is using the run folder '{path}'.</source>
            <translation>Un autre calcul utilise le dossier de calcul « {path} ».</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Any name</source>
            <translation>Tout nom</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Area</source>
            <translation>Zone</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>As YYYY-MM-DD. The others follow 5, 10 or 15 days apart.</source>
            <translation>Sous la forme AAAA-MM-JJ. Les autres suivent à 5, 10 ou 15 jours d'écart.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>Ask whoever runs your network to let it through and try again, or use a folder of wheels made elsewhere.</source>
            <translation>Demandez à votre administrateur réseau de l'autoriser et réessayez, ou utilisez un dossier de wheels préparé ailleurs.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Back-projection iterations</source>
            <translation>Itérations de rétroprojection</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>Band numbers</source>
            <translation>Numéros des bandes</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Bands</source>
            <translation>Bandes</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>Bands compared</source>
            <translation>Bandes comparées</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_colours.py" />
            <source>Blue</source>
            <translation>Bleu</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Blue, green and red (B02, B03, B04) are needed; B08 is welcome.</source>
            <translation>Le bleu, le vert et le rouge (B02, B03, B04) sont nécessaires ; B08 est bienvenue.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Blue, green, red</source>
            <translation>Bleu, vert, rouge</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Blue, green, red, near infrared</source>
            <translation>Bleu, vert, rouge, proche infrarouge</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Both are of tile {one}, by two satellites or in two processing baselines: keep one of them.</source>
            <translation>Les deux sont de la tuile {one}, de deux satellites ou de deux versions du traitement : gardez l'un d'eux.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>Brings rasters that differ in CRS, extent or pixel size onto one grid: that of the date with the finest pixels. Off, they are refused, because warping blurs what several dates add.</source>
            <translation>Ramène les rasters dont le SCR, l'emprise ou la taille des pixels diffèrent à une seule grille : celle de la date aux pixels les plus fins. Sinon ils sont refusés, car le rééchantillonnage rend flou ce que plusieurs dates apportent.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>CRS</source>
            <translation>SCR</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>CSV files (*.csv)</source>
            <translation>Fichiers CSV (*.csv)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <location filename="../../sitsr_plugin/gui/run_bar.py" />
            <source>Cancel</source>
            <translation>Annuler</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/child.py" />
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <location filename="../../sitsr_plugin/gui/dock.py" />
            <source>Cancelled.</source>
            <translation>Annulé.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/dock.py" />
            <source>Cancelled. Finished tiles are kept: Resume goes on.</source>
            <translation>Annulé. Les tuiles terminées sont gardées : Reprendre continue.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_client.py" />
            <source>Cancelled: no output was written.</source>
            <translation>Annulé : aucun résultat n'a été écrit.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>Change of the worst patch from one date to all (dB)</source>
            <translation>Changement de la pire imagette d'une date à toutes (dB)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_panel.py" />
            <source>Check</source>
            <translation>Vérifier</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>Check a model file and copy it into the QGIS profile</source>
            <translation>Vérifier un fichier de modèle et le copier dans le profil QGIS</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_client.py" />
            <source>Check that it exists and that you may run it.</source>
            <translation>Vérifiez qu'il existe et que vous pouvez l'exécuter.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>Check the connection and try again, or use a folder of wheels made on a computer that has one.</source>
            <translation>Vérifiez la connexion et réessayez, ou utilisez un dossier de paquets wheel préparé sur un ordinateur connecté.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/models.py" />
            <source>Check the folder and its free space.</source>
            <translation>Vérifiez le dossier et son espace libre.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>Checking '{name}' ...</source>
            <translation>Vérification de « {name} »…</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>Choose a Python interpreter.</source>
            <translation>Choisissez un interpréteur Python.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/places.py" />
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Choose a folder you may write to.</source>
            <translation>Choisissez un dossier où vous pouvez écrire.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/places.py" />
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Choose a shorter name for the output.</source>
            <translation>Choisissez un nom plus court pour la sortie.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Choose an order, or type it, such as B02=1,B03=2,B04=3,B08=4</source>
            <translation>Choisissez un ordre, ou tapez-le, par exemple B02=1,B03=2,B04=3,B08=4</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Choose another name, or allow overwriting (--overwrite, or overwrite=True in a job).</source>
            <translation>Choisissez un autre nom, ou autorisez l'écrasement (--overwrite, ou overwrite=True dans une tâche).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/places.py" />
            <source>Choose another place for the output.</source>
            <translation>Choisissez un autre endroit pour la sortie.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/places.py" />
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Choose another place.</source>
            <translation>Choisissez un autre endroit.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>Choose at least one multispectral raster, or a folder.</source>
            <translation>Choisissez au moins un raster multispectral, ou un dossier.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Choose one multispectral raster.</source>
            <translation>Choisissez un raster multispectral.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>Choose one raster ({name}).</source>
            <translation>Choisissez un raster ({name}).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Choose the folder that holds the sites (FOLDER).</source>
            <translation>Choisissez le dossier qui contient les sites (FOLDER).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Choose the folder. Nothing is fetched from the internet.</source>
            <translation>Choisissez le dossier. Rien n'est téléchargé depuis internet.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>Clear</source>
            <translation>Effacer</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Clear %</source>
            <translation>% clair</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/temporal.py" />
            <source>Clear dates</source>
            <translation>Dates claires</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>Clear dates of each pixel</source>
            <translation>Dates claires de chaque pixel</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_plot.py" />
            <source>Click on the map to see how the reflectance of that place changes over the dates.</source>
            <translation>Cliquez sur la carte pour voir comment la réflectance de cet endroit évolue au fil des dates.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>Click on the map: the reflectance of that place over the dates, input against output</source>
            <translation>Cliquez sur la carte : la réflectance de cet endroit au fil des dates, entrée contre résultat</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Close other programs, or use fewer dates (max_dates).</source>
            <translation>Fermez d'autres programmes, ou utilisez moins de dates (max_dates).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Cloud-optimised GeoTIFF</source>
            <translation>GeoTIFF optimisé pour le cloud</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>Clouds</source>
            <translation>Nuages</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>Compared</source>
            <translation>Comparé</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>Compares a super-resolved raster with a reference of the same pixels, in reflectance, in the bands that both have and where both have data; a border of 8 pixels is left out.
PSNR: how small the errors are, in decibels; more is better. PSNR, shifts allowed: the same when a shift of up to three pixels and a constant difference are forgiven. SSIM: likeness of structures, at most 1. Spectral angle: error of colour, in degrees; less is better. ERGAS: relative error over all bands; less is better.
With the input that the image was computed from, the report shows bicubic interpolation beside the result, and for both the mean difference to the observed pixels when they are blurred and sampled as the sensor does.
The reference must lie on the image's pixels; it may be larger or smaller. The report is a page; the same figures go to JSON and CSV if asked, and are outputs for models.
It also says how the numbers of each raster became reflectance. Results of sitsr state that of themselves and of their input; other files do not always, and what is a guess is called so: then give scale and offset.</source>
            <translation>Compare un raster super-résolu à une référence de mêmes pixels, en réflectance, dans les bandes que les deux ont et là où les deux ont des données ; un bord de 8 pixels est laissé de côté.
PSNR : combien les erreurs sont petites, en décibels ; plus haut est meilleur. PSNR, décalages admis : le même quand un décalage d'au plus trois pixels et un écart constant sont pardonnés. SSIM : ressemblance des structures, au plus 1. Angle spectral : erreur de couleur, en degrés ; plus bas est meilleur. ERGAS : erreur relative sur toutes les bandes ; plus bas est meilleur.
Avec l'entrée dont l'image a été calculée, le rapport montre l'interpolation bicubique à côté du résultat, et pour les deux l'écart moyen aux pixels observés une fois floutés et échantillonnés comme par le capteur.
La référence doit reposer sur les pixels de l'image ; elle peut être plus grande ou plus petite. Le rapport est une page ; les mêmes chiffres vont sur demande en JSON et en CSV, et sont des sorties pour les modèles.
Il dit aussi comment les nombres de chaque raster sont devenus des réflectances. Les résultats de sitsr le disent d'eux-mêmes et de leur entrée ; d'autres fichiers pas toujours, et ce qui est supposé est nommé ainsi : donnez alors l'échelle et le décalage.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>Compute the expected image from the series as it is and again mirrored and turned, and take the average: a little nearer to the truth, and slower</source>
            <translation>Calculer l'image attendue à partir de la série telle quelle, puis retournée et tournée, et prendre la moyenne : un peu plus près de la vérité, et plus lent</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Copy diagnostics</source>
            <translation>Copier le diagnostic</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_plan.py" />
            <source>Copy it again.</source>
            <translation>Copiez-le de nouveau.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Copy or download it again.</source>
            <translation>Copiez-le ou téléchargez-le à nouveau.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>Copy the values as a table (CSV) to the clipboard</source>
            <translation>Copier les valeurs sous forme de tableau (CSV) dans le presse-papiers</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>Copy values</source>
            <translation>Copier les valeurs</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>Correct host, port, user and password in Settings &gt; Options &gt; Network &gt; Use proxy, then try again.</source>
            <translation>Corrigez hôte, port, utilisateur et mot de passe dans Préférences &gt; Options &gt; Réseau &gt; Utiliser un proxy, puis réessayez.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment.py" />
            <source>Correct it, or remove it to use the managed environment.</source>
            <translation>Corrigez-le, ou supprimez-le pour utiliser l'environnement géré.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>Correct the date in the Date column, or remove the row.</source>
            <translation>Corrigez la date dans la colonne Date, ou retirez la ligne.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>Data</source>
            <translation>Données</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>Data type</source>
            <translation>Type de données</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Date</source>
            <translation>Date</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Date from</source>
            <translation>Origine de la date</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>Date of the result</source>
            <translation>Date du résultat</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>Dates</source>
            <translation>Dates</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>Dates in order, such as 2021-04-03, 2021-04-18</source>
            <translation>Dates dans l'ordre, par exemple 2021-04-03, 2021-04-18</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Dates of a stack are changed above the table.</source>
            <translation>Les dates d'une pile se changent au-dessus du tableau.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>Dates of the results</source>
            <translation>Dates des résultats</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Dates ticked in the table</source>
            <translation>Dates cochées dans le tableau</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>Dates used</source>
            <translation>Dates utilisées</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <location filename="../../sitsr_plugin/core/metadata.py" />
            <source>Dates used: {dates}.</source>
            <translation>Dates utilisées : {dates}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/model_choice.py" />
            <source>Default</source>
            <translation>Par défaut</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>Delete the added model from the QGIS profile</source>
            <translation>Supprimer du profil QGIS le modèle ajouté</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>Denoiser</source>
            <translation>Débruiteur</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Denoising steps</source>
            <translation>Pas de débruitage</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>Description</source>
            <translation>Description</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/metadata.py" />
            <source>Detail finer than the input's pixels is estimated by a model, not observed.</source>
            <translation>Le détail plus fin que les pixels d'entrée est estimé par un modèle, non observé.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/preview_window.py" />
            <source>Detail finer than the input's pixels is estimated by a model, not observed. Both have the same stretch.</source>
            <translation>Le détail plus fin que les pixels d'entrée est estimé par un modèle, non observé. Les deux images ont le même étirement.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Detailed</source>
            <translation>Détaillé</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Detailed (one sample)</source>
            <translation>Détaillé (un tirage)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Detailed + uncertainty</source>
            <translation>Détaillé + incertitude</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Detailed with uncertainty (ensemble)</source>
            <translation>Détaillé avec incertitude (ensemble)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Detect from the files</source>
            <translation>Détecter d'après les fichiers</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Device</source>
            <translation>Appareil</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Did you mean '{name}'?</source>
            <translation>Vouliez-vous dire « {name} » ?</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>Difference to the observed pixels (reflectance)</source>
            <translation>Écart aux pixels observés (réflectance)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Do what is chosen above, then test it</source>
            <translation>Faire ce qui est choisi ci-dessus, puis le tester</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>Do what the sentence above says, or remove the row.</source>
            <translation>Faites ce que dit la phrase ci-dessus, ou retirez la ligne.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/dock.py" />
            <source>Done in {seconds:.0f} s: {dates}.</source>
            <translation>Terminé en {seconds:.0f} s : {dates}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Double-click to type another date (YYYY-MM-DD).</source>
            <translation>Double-cliquez pour taper une autre date (AAAA-MM-JJ).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/preview_window.py" />
            <source>Drag to move, turn the wheel to zoom: both sides follow</source>
            <translation>Glisser pour se déplacer, tourner la molette pour zoomer : les deux côtés suivent</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>Draw or type a rectangle.</source>
            <translation>Dessinez ou saisissez un rectangle.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>ERGAS</source>
            <translation>ERGAS</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Each date lies beside the first by a random shift of up to this, in rows and in columns.</source>
            <translation>Chaque date est décalée au hasard de la première, au plus d'autant, en lignes et en colonnes.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Each step draws from one to this many dates.</source>
            <translation>Chaque pas tire d'une à ce nombre de dates.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Each takes a gigabyte or more, and is not used any more</source>
            <translation>Chacun occupe un gigaoctet ou plus et ne sert plus</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Eight, for up to eight times the time</source>
            <translation>Huit, pour jusqu'à huit fois le temps</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/task.py" />
            <source>Enable the Processing plugin.</source>
            <translation>Activez l'extension Processing.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>End it in .tif (GeoTIFF or COG), or give a folder.</source>
            <translation>Donnez-lui la fin .tif (GeoTIFF ou COG), ou indiquez un dossier.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>Evaluate against a reference</source>
            <translation>Évaluer par rapport à une référence</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>Evaluation</source>
            <translation>Évaluation</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_plot.py" />
            <source>Every band is switched off: tick one above the plot.</source>
            <translation>Toutes les bandes sont masquées : cochez-en une au-dessus du graphique.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Every date</source>
            <translation>Toutes les dates</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>Every raster in the folder and its subfolders belongs to the series: one a date, one a band and date, or SAFE products, zipped too. Results of sitsr are left out.</source>
            <translation>Tout raster du dossier et de ses sous-dossiers fait partie de la série : un par date, un par bande et date, ou des produits SAFE, même zippés. Les résultats de sitsr sont laissés de côté.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>Export it to a GeoTIFF first (Export &gt; Save As &gt; Raw data).</source>
            <translation>Exportez-la d'abord en GeoTIFF (Exporter &gt; Enregistrer sous &gt; Données brutes).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Extent to process</source>
            <translation>Emprise à traiter</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>Factor</source>
            <translation>Facteur</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Faithful</source>
            <translation>Fidèle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Faithful (mean)</source>
            <translation>Fidèle (moyenne)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Fetches PyTorch and the other packages into the QGIS profile. QGIS's own Python stays as it is.</source>
            <translation>Télécharge PyTorch et les autres paquets dans le profil de QGIS. Le Python de QGIS reste inchangé.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Fetches about {download:.1f} GB and takes about {installed:.1f} GB in the QGIS profile; {free:.1f} GB are free.</source>
            <translation>Télécharge environ {download:.1f} Go et occupe environ {installed:.1f} Go dans le profil QGIS ; {free:.1f} Go sont libres.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Fewer take less memory and time a step.</source>
            <translation>Moins d'imagettes demandent moins de mémoire et de temps par pas.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>File</source>
            <translation>Fichier</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>File format</source>
            <translation>Format de fichier</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>File size</source>
            <translation>Taille du fichier</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Fine image</source>
            <translation>Image fine</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Fine images learned from</source>
            <translation>Images fines apprises</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Fine-tune a model</source>
            <translation>Affiner un modèle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>Fine-tuning</source>
            <translation>Affinage</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/unfinished.py" />
            <source>Finished tiles are kept: run it again with the same output to resume.</source>
            <translation>Les tuiles terminées sont gardées : relancez avec la même sortie pour reprendre.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>First date</source>
            <translation>Première date</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/fix_button.py" />
            <source>Fix ({count})</source>
            <translation>Corriger ({count})</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Folder for several dates</source>
            <translation>Dossier pour plusieurs dates</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>Folder for the sample series</source>
            <translation>Dossier pour la série d'exemple</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Folder for the series</source>
            <translation>Dossier pour la série</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Folder of sites</source>
            <translation>Dossier des sites</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Folder of wheels</source>
            <translation>Dossier de paquets wheel</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Folder with the masks</source>
            <translation>Dossier des masques</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Folder with the series alone</source>
            <translation>Dossier de la série seule</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>For computers without internet: a folder of package files (.whl) that were fetched elsewhere.</source>
            <translation>Pour les ordinateurs sans internet : un dossier de paquets (.whl) téléchargés ailleurs.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>For rasters that differ in CRS, extent or pixel size, which are refused otherwise: all come to the grid of the date with the finest pixels</source>
            <translation>Pour des rasters dont le SCR, l'emprise ou la taille des pixels diffèrent, refusés sinon : tous sont ramenés à la grille de la date aux pixels les plus fins</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>For the detailed modes; 0 leaves the denoiser as it is.</source>
            <translation>Pour les modes détaillés ; 0 laisse le débruiteur tel quel.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>For the model's card, such as: orthophotos of Brittany 2021, IGN, and Sentinel-2 L2A.</source>
            <translation>Pour la fiche du modèle, par exemple : orthophotos de Bretagne 2021, IGN, et Sentinel-2 L2A.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>For the model's card. What the images' licences and that of the first model (GPL-3.0-or-later for those of sitsr) allow.</source>
            <translation>Pour la fiche du modèle. Ce que permettent les licences des images et celle du modèle de départ (GPL-3.0-or-later pour ceux de sitsr).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>For these pictures clouds were estimated on pixels {times} times larger: their edges are rough.</source>
            <translation>Pour ces vignettes, les nuages ont été estimés sur des pixels {times} fois plus grands : leurs bords sont grossiers.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>Found automatically</source>
            <translation>Détectés automatiquement</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Four, for up to four times the time</source>
            <translation>Quatre, pour jusqu'à quatre fois le temps</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Free at least {more:.1f} GB.</source>
            <translation>Libérez au moins {more:.1f} Go.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/places.py" />
            <source>Free some space and run again.</source>
            <translation>Libérez de la place et relancez.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Free some space and run again: the finished tiles are kept.</source>
            <translation>Libérez de la place et relancez : les tuiles terminées sont gardées.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Free some space, choose another disk, or super-resolve a smaller area.</source>
            <translation>Libérez de la place, choisissez un autre disque, ou traitez une zone plus petite.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>Free the space that the window names and try again.</source>
            <translation>Libérez l'espace indiqué dans la fenêtre et réessayez.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>Gain over bicubic interpolation (dB), dates: {count}</source>
            <translation>Gain sur l'interpolation bicubique (dB), dates : {count}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Gain over bicubic on held-out sites after (dB)</source>
            <translation>Gain sur le bicubique sur les sites réservés, après (dB)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Gain over bicubic on held-out sites before (dB)</source>
            <translation>Gain sur le bicubique sur les sites réservés, avant (dB)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>GeoTIFF (*.tif *.tiff)</source>
            <translation>GeoTIFF (*.tif *.tiff)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>GeoTIFF with overviews</source>
            <translation>GeoTIFF avec aperçus</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Get an environment</source>
            <translation>Obtenir un environnement</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Gets the subfolders series and masks, and the table of true shifts.</source>
            <translation>Reçoit les sous-dossiers series et masks, et le tableau des vrais décalages.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Give GeoTIFF, JPEG 2000, VRT, netCDF or another raster GDAL opens.</source>
            <translation>Donnez un GeoTIFF, JPEG 2000, VRT, netCDF ou un autre raster que GDAL ouvre.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Give a folder with one raster per date, or SAFE products.</source>
            <translation>Donnez un dossier avec un raster par date, ou des produits SAFE.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Give a mask of the same place.</source>
            <translation>Donnez un masque du même lieu.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Give a zipped SAFE product or zipped GeoTIFFs.</source>
            <translation>Donnez un produit SAFE ou des GeoTIFF dans un zip.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Give an area that overlaps the input.</source>
            <translation>Donnez une zone qui recouvre l'entrée.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>Give multispectral rasters.</source>
            <translation>Donnez des rasters multispectraux.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Give one file for each of B02, B03, B04 and B08.</source>
            <translation>Donnez un fichier pour chacune des bandes B02, B03, B04 et B08.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>Give one for all, or one for each, in the same order.</source>
            <translation>Donnez-en un pour tous, ou un pour chacun, dans le même ordre.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>Give one for each date.</source>
            <translation>Donnez-en un par date.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Give one raster for all dates, or one for each, such as 2024-06-11=clear_2024-06-11.tif.</source>
            <translation>Donnez un seul raster pour toutes les dates, ou un par date, comme 2024-06-11=clear_2024-06-11.tif.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Give the CRS that they are in.</source>
            <translation>Donnez le SCR dans lequel elle est exprimée.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Give the band numbers, name the bands in the descriptions, or give one file per band with B02, B03, B04, B08 in its name; if it is a stack, give its dates as a CSV table with the columns layer,date, where layer is the position 1, 2, 3.</source>
            <translation>Donnez les numéros des bandes, nommez les bandes dans les descriptions, ou donnez un fichier par bande avec B02, B03, B04, B08 dans son nom ; si c'est une pile, donnez ses dates par un tableau CSV aux colonnes layer,date, où layer est la position 1, 2, 3.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Give the dates, by hand or as a CSV table with the columns layer,date (in a stack, layer is the position 1, 2, 3), or put them into the file names (2021-07-21).</source>
            <translation>Donnez les dates, à la main ou par un tableau CSV aux colonnes layer,date (dans une pile, layer est la position 1, 2, 3), ou mettez-les dans les noms des fichiers (2021-07-21).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/places.py" />
            <source>Give the name of a file.</source>
            <translation>Donnez le nom d'un fichier.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>Give yourself the right to write to the path in the log's last lines, and close QGIS windows that compute from it.</source>
            <translation>Donnez-vous le droit d'écrire au chemin cité dans les dernières lignes du journal, et fermez les fenêtres QGIS qui s'en servent pour calculer.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/run_bar.py" />
            <source>Go on where the last run stopped: finished tiles are kept</source>
            <translation>Continuer là où la dernière exécution s'est arrêtée : les tuiles terminées sont gardées</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_colours.py" />
            <source>Green</source>
            <translation>Vert</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>Grids</source>
            <translation>Grilles</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>Group {name} ({count})</source>
            <translation>Groupe {name} ({count})</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <source>HTML files (*.html)</source>
            <translation>Fichiers HTML (*.html)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>Hash</source>
            <translation>Empreinte</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>Held out</source>
            <translation>Réservés</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>Held-out patches: bicubic interpolation, before, after, truth</source>
            <translation>Imagettes réservées : interpolation bicubique, avant, après, vérité</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>Held-out sites</source>
            <translation>Sites réservés</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Holds one folder a site, each with the folders lr (series) and hr (fine images).</source>
            <translation>Contient un dossier par site, chacun avec les dossiers lr (série) et hr (images fines).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>How exactly numbers are computed. auto takes the fastest that this machine does well; float32 is the most exact.</source>
            <translation>L'exactitude des calculs. auto prend la plus rapide que cette machine fait bien ; float32 est la plus exacte.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>How far a step moves the weights at most. Lower it when the loss jumps.</source>
            <translation>De combien un pas déplace les poids au plus. À diminuer si la perte saute.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>How far each pixel may be from the truth: a standard deviation, in reflectance</source>
            <translation>À quelle distance de la vérité chaque pixel peut être : un écart-type, en réflectance</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>How far this date lies from the clearest one, in input pixels (rows, columns). These shifts are what several dates add.</source>
            <translation>Le décalage de cette date par rapport à la plus claire, en pixels de l'entrée (lignes, colonnes). Ces décalages sont ce que plusieurs dates apportent.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>How many images the series has.</source>
            <translation>Combien d'images a la série.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>How many of the dates saw each pixel without cloud: where it is low, the result rests on little. Asked for with several dates, one file a date is written.</source>
            <translation>Combien de dates ont vu chaque pixel sans nuage : là où il y en a peu, le résultat repose sur peu. Demandé pour plusieurs dates, un fichier par date est écrit.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>How many of the dates that were used saw each pixel without clouds</source>
            <translation>Combien des dates utilisées ont vu chaque pixel sans nuages</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>How many of the other dates have clouds; these cover 10 to 70 % of the image.</source>
            <translation>Combien des autres dates ont des nuages ; ils couvrent de 10 à 70 % de l'image.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>How many plausible images the mode with uncertainty draws, in pairs: an odd number is rounded up. More bring their mean closer to the expected image and take longer.</source>
            <translation>Combien d'images plausibles le mode avec incertitude tire, par paires : un nombre impair est arrondi au-dessus. Davantage rapprochent leur moyenne de l'image attendue et prennent plus de temps.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>How many small steps lead from noise to each plausible image. More take longer. Not used in the faithful mode.</source>
            <translation>Combien de petits pas mènent du bruit à chaque image plausible. Davantage prennent plus de temps. Sans effet en mode fidèle.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>How often the result is corrected so that, blurred and sampled as the sensor does, it gives the observed pixels again; 0 for never.</source>
            <translation>Combien de fois le résultat est corrigé pour que, rendu flou et échantillonné comme le fait le capteur, il redonne les pixels observés ; 0 pour jamais.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>How often the weights are corrected. More fit the pairs better, until the figures on held-out sites get worse.</source>
            <translation>Combien de fois les poids sont corrigés. Davantage de pas s'ajustent mieux aux paires, jusqu'à ce que les chiffres sur les sites réservés se dégradent.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>Image</source>
            <translation>Image</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>Image and spread</source>
            <translation>Image et dispersion</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>In use: {path} (from {source})</source>
            <translation>Utilisé : {path} (donné par {source})</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <location filename="../../sitsr_plugin/gui/profile_plot.py" />
            <source>Input</source>
            <translation>Entrée</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_plot.py" />
            <source>Input cloudy or without data</source>
            <translation>Entrée nuageuse ou sans données</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>Input image of that date</source>
            <translation>Image d'entrée de cette date</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/preview_window.py" />
            <source>Input {date}</source>
            <translation>Entrée {date}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_plot.py" />
            <source>Input, partly cloudy date</source>
            <translation>Entrée, date en partie nuageuse</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/metadata.py" />
            <source>Input: {path}</source>
            <translation>Entrée : {path}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_plot.py" />
            <source>Input: {reason}</source>
            <translation>Entrée : {reason}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <source>Inspect series</source>
            <translation>Inspecter la série</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>Install one from python.org or by your package manager (on Debian and Ubuntu: python3-venv too), or install uv.</source>
            <translation>Installez-en un depuis python.org ou avec votre gestionnaire de paquets (sur Debian et Ubuntu : python3-venv aussi), ou installez uv.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>Install the Microsoft Visual C++ Redistributable (x64) on Windows, or update the system elsewhere; the log names the library.</source>
            <translation>Installez Microsoft Visual C++ Redistributable (x64) sous Windows, ou mettez le système à jour ailleurs ; le journal nomme la bibliothèque.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment.py" />
            <source>Install them with: {command}</source>
            <translation>Installez-les avec : {command}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_plan.py" />
            <source>Installing packages</source>
            <translation>Installation des paquets</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>It ended with code {code}.</source>
            <translation>Terminé avec le code {code}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <source>JSON files (*.json)</source>
            <translation>Fichiers JSON (*.json)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Keep one of them, or correct the date of the other.</source>
            <translation>Gardez l'un d'eux, ou corrigez la date de l'autre.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Largest shift (coarse pixels)</source>
            <translation>Plus grand décalage (pixels grossiers)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <source>Last date</source>
            <translation>Dernière date</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Latest clear date</source>
            <translation>Dernière date claire</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>Layer</source>
            <translation>Couche</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>Layers of the project</source>
            <translation>Couches du projet</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>Learned from</source>
            <translation>Appris de</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Learning rate</source>
            <translation>Taux d'apprentissage</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Leave the odd ones out, or describe the bands in the files (B02, B03, B04, B08).</source>
            <translation>Retirez ceux qui diffèrent, ou décrivez les bandes dans les fichiers (B02, B03, B04, B08).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>Left empty, the dates come from the band names or from a CSV table beside the file.</source>
            <translation>Laissé vide, les dates viennent des noms des bandes ou d'un tableau CSV à côté du fichier.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Left empty, the name of its file.</source>
            <translation>Laissé vide, le nom de son fichier.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Left out: {left_out}.</source>
            <translation>Laissés de côté : {left_out}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>Less than a tenth is clear, so it adds little: remove it, or choose a mask under More options if the sky was clear.</source>
            <translation>Moins d'un dixième est clair, elle apporte donc peu : retirez-la, ou choisissez un masque sous Plus d'options si le ciel était clair.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Lets a model go on learning from pairs of your own region or season: real series of 10 m and real fine images of the same places, such as orthophotos. The new model is a file that Super-resolve time series takes as Model; Raster &gt; sitsr &gt; Models adds it to the list.
The folder holds one folder a site, each with a folder lr (the dates of the series, as Super-resolve time series reads them) and a folder hr (one or more fine images with their date in the name): same CRS, same extent, pixels smaller by exactly the model's factor (four times, 2.5 m, for those that come with sitsr). Each fine image is laid onto the nearest clear date by whole fine pixels and matched to its colours; one that lies more than a coarse pixel off is left out, which the log says.
First the image and its spread are learned, then the denoiser of the detailed modes. With three sites or more, every tenth is held out: the report compares before and after on it, and the uncertainty is calibrated on it.
The time left is shown from the first step on. It can be cancelled at any time; run it again with the same output and settings to go on. What was learned so far lies beside the output until then.</source>
            <translation>Fait continuer l'apprentissage d'un modèle sur des paires de votre région ou de votre saison : de vraies séries à 10 m et de vraies images fines des mêmes lieux, par exemple des orthophotos. Le nouveau modèle est un fichier que Super-résoudre une série temporelle prend comme Modèle ; Raster &gt; sitsr &gt; Modèles l'ajoute à la liste.
Le dossier contient un dossier par site, chacun avec un dossier lr (les dates de la série, lues comme pour la super-résolution) et un dossier hr (une ou plusieurs images fines dont le nom porte la date) : même SCR, même étendue, pixels plus petits d'exactement le facteur du modèle (quatre fois, 2,5 m, pour ceux fournis avec sitsr). Chaque image fine est posée sur la date claire la plus proche, par pixels fins entiers, et accordée à ses couleurs ; celle qui est décalée de plus d'un pixel grossier est écartée, ce que dit le journal.
L'image et sa dispersion sont apprises d'abord, puis le débruiteur des modes détaillés. À partir de trois sites, un sur dix est réservé : le rapport y compare avant et après, et l'incertitude y est étalonnée.
Le temps restant est affiché dès le premier pas. On peut annuler à tout moment ; relancez avec la même sortie et les mêmes réglages pour continuer. Ce qui a été appris reste d'ici là à côté de la sortie.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Lets a model learn from your own pairs of series and fine images.</source>
            <translation>Fait apprendre un modèle de vos propres paires de séries et d'images fines.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>Licence</source>
            <translation>Licence</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Licence of the new model</source>
            <translation>Licence du nouveau modèle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>Limits</source>
            <translation>Limites</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/run_bar.py" />
            <source>Log</source>
            <translation>Journal</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_panel.py" />
            <source>Look at the series again: dates, clouds, radiometry and shifts</source>
            <translation>Relire la série : dates, nuages, radiométrie et décalages</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>Looking at the interpreter</source>
            <translation>Examen de l'interpréteur</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_panel.py" />
            <source>Looking at the series ...</source>
            <translation>Lecture de la série…</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>Looking for a Python to build from</source>
            <translation>Recherche d'un Python de départ</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Loss at the end</source>
            <translation>Perte à la fin</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Loss curves, and figures and pictures of held-out sites before and after; it opens in the results viewer.</source>
            <translation>Courbes de perte, chiffres et images des sites réservés avant et après ; il s'ouvre dans la visionneuse de résultats.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Made with uv.</source>
            <translation>Fait avec uv.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>Make a finer image from the selected raster layers</source>
            <translation>Faire une image plus fine à partir des couches raster sélectionnées</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment.py" />
            <source>Make it in Raster &gt; sitsr &gt; Python environment, or by running these two commands in a terminal, then run again: {commands} (or set {setting} to an interpreter that has them).</source>
            <translation>Créez-le dans Raster &gt; sitsr &gt; Environnement Python, ou par ces deux commandes dans un terminal, puis relancez : {commands} (ou donnez à {setting} un interpréteur qui les a).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Make one (fetches the packages)</source>
            <translation>En créer un (télécharge les paquets)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Make one from a folder of wheels (no internet)</source>
            <translation>En créer un à partir d'un dossier de paquets wheel (sans internet)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_plan.py" />
            <source>Make one where there is internet: pip download {options} -d FOLDER</source>
            <translation>Faites-en un là où il y a internet : pip download {options} -d DOSSIER</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Make the environment</source>
            <translation>Créer l'environnement</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>Make, choose or test the Python that computes</source>
            <translation>Créer, choisir ou tester le Python qui calcule</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_panel.py" />
            <source>Make, choose or test the Python that computes; then the series is looked at</source>
            <translation>Créer, choisir ou tester le Python qui calcule ; la série est ensuite examinée</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Makes a Sentinel-2-like series four times coarser from one fine image.</source>
            <translation>Fait, d'une image fine, une série de type Sentinel-2 quatre fois plus grossière.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>Makes a finer image from several images of the same place on different dates: four times finer (10 m becomes 2.5 m) with the models that come with sitsr, and with another one by the factor on its card. Bands: Sentinel-2 B02, B03, B04 and B08, or red, green and blue only. The result keeps the extent, CRS, data type, scale and no-data of the input.
Faithful gives the expected image, the best for measurements. Detailed draws one plausible image with sharper texture. Detailed with uncertainty draws several and gives their mean and the error that is to be expected of it.
Cloudy dates are recognised and left out. Every result is pulled back to the observed pixels; CONSISTENCY is the mean difference in reflectance that remains when the result is brought back to the input's pixels.
Leave the target date empty for the latest usable one. A single date is written to OUTPUT; several dates, or all, to OUTPUT_FOLDER, one file a date (OUTPUT is then the latest of them). The job beside each output repeats the run.
Detail finer than the input's pixels is estimated by a model, not observed.</source>
            <translation>Fait une image plus fine à partir de plusieurs images du même lieu à différentes dates : quatre fois plus fine (10 m devient 2,5 m) avec les modèles fournis avec sitsr, et avec un autre, du facteur indiqué sur sa fiche. Bandes : B02, B03, B04 et B08 de Sentinel-2, ou seulement rouge, vert et bleu. Le résultat garde l'emprise, le SCR, le type de données, l'échelle et la valeur sans données de l'entrée.
Fidèle donne l'image attendue, la meilleure pour mesurer. Détaillé tire une image plausible à la texture plus nette. Détaillé avec incertitude en tire plusieurs et donne leur moyenne et l'erreur à en attendre.
Les dates nuageuses sont reconnues et laissées de côté. Chaque résultat est ramené aux pixels observés ; CONSISTENCY est l'écart moyen de réflectance qui reste quand le résultat est ramené aux pixels de l'entrée.
Laissez la date cible vide pour la dernière utilisable. Une seule date est écrite dans OUTPUT ; plusieurs dates, ou toutes, dans OUTPUT_FOLDER, un fichier par date (OUTPUT est alors la plus récente). Le fichier .job.json à côté de chaque sortie refait l'exécution.
Le détail plus fin que les pixels d'entrée est estimé par un modèle, non observé.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Makes a series of several dates, with pixels four times larger, of one fine image: each band is blurred by Sentinel-2's point spread function and sampled at a random sub-pixel shift; brightness drifts a little from date to date; some dates have clouds with shadows; noise is added. The same seed gives the same series.
The folder gets one GeoTIFF a date with its date tag (series), one mask a date with 1 where it is clear (masks) and a table of the true shifts and clear shares (shifts.csv). The first date has no shift, cloud or change of brightness, so that the fine image is its truth; that is written too, cut to the extent of the series.
Shifts are in coarse pixels: what lies at row r and column c of the first date lies at r + shift_row and c + shift_column.
Use it to see what super-resolution can and cannot bring back (Evaluate compares with the truth), or to make training data. The image is held in memory: clip large ones first.</source>
            <translation>Fait, d'une image fine, une série de plusieurs dates aux pixels quatre fois plus grands : chaque bande est floutée par la fonction d'étalement de Sentinel-2 et échantillonnée à un décalage subpixellique aléatoire ; la luminosité varie un peu d'une date à l'autre ; certaines dates ont des nuages et leurs ombres ; du bruit est ajouté. La même graine donne la même série.
Le dossier reçoit un GeoTIFF par date avec sa balise de date (series), un masque par date qui vaut 1 où il fait clair (masks) et un tableau des vrais décalages et parts claires (shifts.csv). La première date n'a ni décalage, ni nuage, ni changement de luminosité : l'image fine est donc sa vérité ; elle est écrite aussi, découpée à l'emprise de la série.
Les décalages sont en pixels grossiers : ce qui est à la ligne r et à la colonne c de la première date est à r + shift_row et c + shift_column.
Pour voir ce que la super-résolution peut retrouver ou non (Évaluer compare à la vérité), ou pour faire des données d'entraînement. L'image est tenue en mémoire : découpez d'abord les grandes.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>Makes one finer image from several images of the same place.</source>
            <translation>Fait une image plus fine à partir de plusieurs images du même lieu.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_plan.py" />
            <source>Making the environment</source>
            <translation>Création de l'environnement</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>Making the environment failed.</source>
            <translation>La création de l'environnement a échoué.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>Mask</source>
            <translation>Masque</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>Masks</source>
            <translation>Masques</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>Masks ({count})</source>
            <translation>Masques ({count})</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>Masks {name} ({count})</source>
            <translation>Masques {name} ({count})</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <source>Mean clear share (%)</source>
            <translation>Part claire moyenne (%)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>Mean difference to the observed pixels (reflectance)</source>
            <translation>Écart moyen aux pixels observés (réflectance)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>Mean difference to the observed pixels: {value:.5f} reflectance.</source>
            <translation>Écart moyen aux pixels observés : {value:.5f} de réflectance.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>Measures how near a super-resolved raster comes to a reference raster.</source>
            <translation>Mesure combien un raster super-résolu s'approche d'un raster de référence.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Members of the ensemble</source>
            <translation>Membres de l'ensemble</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Memory ran out even with tiles of {size} pixels.</source>
            <translation>La mémoire a manqué, même avec des tuiles de {size} pixels.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>Metrics</source>
            <translation>Mesures</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Mode</source>
            <translation>Mode</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Model</source>
            <translation>Modèle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Model (a .safetensors file)</source>
            <translation>Modèle (un fichier .safetensors)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/metadata.py" />
            <source>Model: {model}.</source>
            <translation>Modèle : {model}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Models</source>
            <translation>Modèles</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>Models (*.safetensors)</source>
            <translation>Modèles (*.safetensors)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>Models…</source>
            <translation>Modèles…</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>More options</source>
            <translation>Plus d'options</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Most dates of a patch</source>
            <translation>Dates d'une imagette au plus</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Most dates to use</source>
            <translation>Nombre maximal de dates</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_plot.py" />
            <source>NDVI</source>
            <translation>NDVI</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Name</source>
            <translation>Nom</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Name a layer of the series.</source>
            <translation>Nommez une couche de la série.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Name of the new model</source>
            <translation>Nom du nouveau modèle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Names with commas: they are not learned from but judged on. Left empty, every tenth where there are three; none for none.</source>
            <translation>Noms séparés par des virgules : ils ne servent pas à apprendre mais à juger. Laissé vide, un sur dix s'il y en a trois ; none pour aucun.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_colours.py" />
            <source>Near infrared</source>
            <translation>Proche infrarouge</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>Nearness to the true scene: bicubic interpolation {bicubic:.2f} dB, sitsr {sitsr:.2f} dB.</source>
            <translation>Proximité à la scène vraie : interpolation bicubique {bicubic:.2f} dB, sitsr {sitsr:.2f} dB.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Needed when several target dates, or all, are asked: one file a date is written in it.</source>
            <translation>Nécessaire quand plusieurs dates cibles, ou toutes, sont demandées : un fichier par date y est écrit.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>New model</source>
            <translation>Nouveau modèle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>No Python 3.11 or later that can make environments was found.</source>
            <translation>Aucun Python 3.11 ou plus récent capable de créer des environnements n'a été trouvé.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>No date has clear pixels in the parts that were looked at: all are cloudy or without data.</source>
            <translation>Aucune date n'a de pixels clairs dans les parties examinées : toutes sont nuageuses ou sans données.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>No fine image was given.</source>
            <translation>Aucune image fine n'a été donnée.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>No output file was given.</source>
            <translation>Aucun fichier de sortie n'a été donné.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>No package{name} fits this system and its Python.</source>
            <translation>Aucun paquet{name} ne convient à ce système et à son Python.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>No raster in '{path}' could be opened to place the extent.</source>
            <translation>Aucun raster de « {path} » n'a pu être ouvert pour situer l'emprise.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/dock.py" />
            <source>No raster of the series could be opened, so there is no preview.</source>
            <translation>Aucun raster de la série n'a pu être ouvert : il n'y a pas d'aperçu.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/profile.py" />
            <source>No raster with a date is in the project. Add the images of a series, or choose it in the time series panel.</source>
            <translation>Aucun raster daté n'est dans le projet. Ajoutez les images d'une série, ou choisissez-la dans le panneau des séries temporelles.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>No rasters were given.</source>
            <translation>Aucun raster n'a été donné.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>No site was held out: whether the model is better than before elsewhere is not known.</source>
            <translation>Aucun site n'a été réservé : on ne sait pas si le modèle est meilleur qu'avant ailleurs.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/dock_parameters.py" />
            <source>No target date is chosen.</source>
            <translation>Aucune date cible n'est choisie.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>No-data</source>
            <translation>Sans données</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Noise (reflectance)</source>
            <translation>Bruit (réflectance)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/profile.py" />
            <source>None of the {count} dated rasters covers this place. Click on one of them.</source>
            <translation>Aucun des {count} rasters datés ne couvre cet endroit. Cliquez sur l'un d'eux.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>None of the {count} dates has clear pixels: all are cloud or no-data ({names}).</source>
            <translation>Aucune des {count} dates n'a de pixels clairs : tout est nuage ou sans donnée ({names}).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Not tested yet.</source>
            <translation>Pas encore testé.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Nothing names the bands: the usual order of {count} bands is assumed ({order}).</source>
            <translation>Rien ne nomme les bandes : l'ordre habituel de {count} bandes est supposé ({order}).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>Nothing says the date of the mask '{name}'.</source>
            <translation>Rien ne dit la date du masque « {name} ».</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>Nothing to do.</source>
            <translation>Rien à faire.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>Nothing to do: its clear pixels are used.</source>
            <translation>Rien à faire : ses pixels clairs sont utilisés.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>Nothing to do: too little of it is clear to measure its shift, so it is used as it lies.</source>
            <translation>Rien à faire : trop peu est clair pour mesurer son décalage, elle est donc utilisée telle quelle.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/child.py" />
            <source>Nothing was left behind; it starts from the beginning the next time.</source>
            <translation>Il ne reste rien ; la prochaine fois, tout recommence du début.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>Number of dates</source>
            <translation>Nombre de dates</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <source>Number of warnings</source>
            <translation>Nombre d'avertissements</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Of a longer series, the usable dates nearest to the target date are taken.</source>
            <translation>D'une série plus longue, les dates utilisables les plus proches de la date cible sont prises.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Offset</source>
            <translation>Décalage radiométrique</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>Offset to reflectance</source>
            <translation>Décalage vers la réflectance</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>On held-out sites, over bicubic interpolation: {before:+.2f} dB before, {after:+.2f} dB after.</source>
            <translation>Sur les sites réservés, par rapport à l'interpolation bicubique : {before:+.2f} dB avant, {after:+.2f} dB après.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>One plausible image with sharper texture: best to look at.</source>
            <translation>Une image plausible à la texture plus nette : la meilleure à regarder.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>One stacked raster</source>
            <translation>Un raster empilé</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>One: the series as it is</source>
            <translation>Une : la série telle quelle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Only a part of the bounds {bounds} lies on the image: {size} pixels from column {column}, row {row}.</source>
            <translation>Une partie seulement de l'emprise {bounds} se trouve sur l'image : {size} pixels à partir de la colonne {column}, ligne {row}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Only blue, green and red are used: {count} of {all} dates have no near infrared (B08): {names}.</source>
            <translation>Seuls le bleu, le vert et le rouge sont utilisés : {count} des {all} dates n'ont pas de proche infrarouge (B08) : {names}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>Only for rasters whose date sitsr cannot find by itself, or finds wrong: the layer (name, file name or position from 1) and its date as YYYY-MM-DD. Otherwise the date comes from the layer's temporal range, the file's tags, its metadata or its name.</source>
            <translation>Seulement pour les rasters dont sitsr ne trouve pas la date, ou la trouve mal : la couche (nom, nom de fichier ou position à partir de 1) et sa date sous la forme AAAA-MM-JJ. Sinon, la date vient de la plage temporelle de la couche, des balises du fichier, de ses métadonnées ou de son nom.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>Open the illustrated user guide in the browser</source>
            <translation>Ouvrir le guide illustré (en anglais) dans le navigateur</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>Or a folder with the rasters</source>
            <translation>Ou un dossier contenant les rasters</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>Orientations</source>
            <translation>Orientations</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Orientations to average</source>
            <translation>Orientations à moyenner</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>PSNR (dB)</source>
            <translation>PSNR (dB)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>PSNR and SSIM: more is better. The others: less is better. On reflectance, a border of 8 pixels left out.</source>
            <translation>PSNR et SSIM : plus haut est meilleur. Les autres : plus bas est meilleur. Sur la réflectance, sans un bord de 8 pixels.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>PSNR of bicubic interpolation (dB)</source>
            <translation>PSNR de l'interpolation bicubique (dB)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>PSNR of the result (dB)</source>
            <translation>PSNR du résultat (dB)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>PSNR, shifts allowed (dB)</source>
            <translation>PSNR, décalages admis (dB)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Patches a step</source>
            <translation>Imagettes par pas</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>Pixel</source>
            <translation>Pixel</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>Pixel size</source>
            <translation>Taille de pixel</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>Pixels compared</source>
            <translation>Pixels comparés</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Precision</source>
            <translation>Précision</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/run_bar.py" />
            <source>Preview</source>
            <translation>Aperçu</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/preview_window.py" />
            <source>Preview of {date}</source>
            <translation>Aperçu du {date}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Product</source>
            <translation>Produit</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Put the file back, build the VRT again, or leave the VRT out of the series.</source>
            <translation>Remettez le fichier, reconstruisez le VRT ou retirez-le de la série.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>PyTorch for NVIDIA GPUs</source>
            <translation>PyTorch pour cartes NVIDIA</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>PyTorch for processors (CPU)</source>
            <translation>PyTorch pour processeurs (CPU)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>PyTorch's package index on the internet, {host}, could not be reached.</source>
            <translation>L'index de paquets de PyTorch sur Internet, {host}, n'a pas pu être joint.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_panel.py" />
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>Python environment…</source>
            <translation>Environnement Python…</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Python interpreter</source>
            <translation>Interpréteur Python</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>Quicklooks</source>
            <translation>Vignettes</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>Radiometry from</source>
            <translation>Origine de la radiométrie</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>Rasters (*.tif *.tiff *.vrt *.nc *.jp2 *.img);;All files (*)</source>
            <translation>Rasters (*.tif *.tiff *.vrt *.nc *.jp2 *.img);;Tous les fichiers (*)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Rasters of the series</source>
            <translation>Rasters de la série</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <source>Reads a series the way Super-resolve time series does and reports, for each date: where the date came from, how much of it is clear, the scale and offset to reflectance and how they were found, and its sub-pixel shift. It warns about what would spoil a result. The report is a page with a small picture of each date, in which what was taken for cloud is marked; for these pictures the whole of each image is read, where it has no overviews.</source>
            <translation>Lit une série comme le fait la super-résolution et rapporte, pour chaque date : l'origine de la date, la part claire, l'échelle et le décalage vers la réflectance et comment ils ont été trouvés, et le décalage subpixellique. Avertit de ce qui gâterait un résultat. Le rapport est une page avec une vignette de chaque date, où ce qui a été pris pour des nuages est marqué ; pour ces vignettes, chaque image est lue en entier là où elle n'a pas d'aperçus.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_colours.py" />
            <source>Red</source>
            <translation>Rouge</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Red, green, blue</source>
            <translation>Rouge, vert, bleu</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Red, green, blue, near infrared</source>
            <translation>Rouge, vert, bleu, proche infrarouge</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>Reference</source>
            <translation>Référence</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>Reference image</source>
            <translation>Image de référence</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_plot.py" />
            <source>Reflectance</source>
            <translation>Réflectance</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Reflectance = value x {scale:g} + {offset:g}</source>
            <translation>Réflectance = valeur x {scale:g} + {offset:g}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/profile.py" />
            <source>Reflectance of one input date is taken as value / 10000: choose the series in the panel to know it.</source>
            <translation>La réflectance d'une date d'entrée est prise comme valeur / 10000 : choisissez la série dans le panneau pour la connaître.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>Reflectance of the image</source>
            <translation>Réflectance de l'image</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>Reflectance of the input</source>
            <translation>Réflectance de l'entrée</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>Reflectance of the reference</source>
            <translation>Réflectance de la référence</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/profile.py" />
            <source>Reflectance of {count} input dates is taken as value / 10000: choose the series in the panel to know it.</source>
            <translation>La réflectance de {count} dates d'entrée est prise comme valeur / 10000 : choisissez la série dans le panneau pour la connaître.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <location filename="../../sitsr_plugin/gui/series_panel.py" />
            <source>Remove</source>
            <translation>Retirer</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_fixes.py" />
            <source>Remove cloudy dates ({count})</source>
            <translation>Retirer les dates nuageuses ({count})</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_fixes.py" />
            <source>Remove dates without data ({count})</source>
            <translation>Retirer les dates sans données ({count})</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Remove environments of earlier versions</source>
            <translation>Supprimer les environnements des versions précédentes</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>Remove it: it holds no data.</source>
            <translation>Retirez-la : elle ne contient aucune donnée.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Remove what differs, or have all warped to one grid (--align; in Python align=True; in QGIS 'Fix' in the panel, 'Warp to one grid' in the dialog).</source>
            <translation>Retirez ce qui diffère, ou ramenez tout à une seule grille (--align ; en Python align=True ; dans QGIS « Corriger » dans le panneau, « Ramener à une seule grille » dans la fenêtre).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_fixes.py" />
            <source>Remove what is there twice ({count})</source>
            <translation>Retirer ce qui est là deux fois ({count})</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_fixes.py" />
            <source>Remove {name}</source>
            <translation>Retirer {name}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>Removing {folder}</source>
            <translation>Suppression de {folder}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/models.py" />
            <source>Rename the file, or remove the other.</source>
            <translation>Renommez le fichier, ou supprimez l'autre.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/questions.py" />
            <source>Replace it?</source>
            <translation>Le remplacer ?</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/questions.py" />
            <source>Replace them?</source>
            <translation>Les remplacer ?</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <source>Report</source>
            <translation>Rapport</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>Report as a table</source>
            <translation>Rapport sous forme de tableau</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <source>Report for programs</source>
            <translation>Rapport pour programmes</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <source>Reports the dates, clouds, radiometry, shifts and grid of a series.</source>
            <translation>Rapporte les dates, nuages, radiométrie, décalages et grille d'une série.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/dock.py" />
            <source>Result</source>
            <translation>Résultat</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/estimate.py" />
            <source>Result: {text}; at most {size} on disk.</source>
            <translation>Résultat : {text} ; au plus {size} sur le disque.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/run_bar.py" />
            <source>Resume</source>
            <translation>Reprendre</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Resuming: {done} of {all} tiles were finished before.</source>
            <translation>Reprise : {done} des {all} tuiles étaient déjà finies.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Rows and columns against the clearest date, in input pixels.</source>
            <translation>Lignes et colonnes par rapport à la date la plus claire, en pixels d'entrée.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/run_bar.py" />
            <source>Run</source>
            <translation>Exécuter</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Run the worker's self-test: imports, a real convolution, the model, a tiny prediction</source>
            <translation>Lancer l'autotest du calcul : importations, une vraie convolution, le modèle, une petite prédiction</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>SAFE metadata</source>
            <translation>métadonnées SAFE</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>SSIM</source>
            <translation>SSIM</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>Sample {date}</source>
            <translation>Tirage {date}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>Save the values as a table (CSV)</source>
            <translation>Enregistrer les valeurs sous forme de tableau (CSV)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Save to</source>
            <translation>Enregistrer dans</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>Save values</source>
            <translation>Enregistrer les valeurs</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>Save values…</source>
            <translation>Enregistrer les valeurs…</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>Scale</source>
            <translation>Échelle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>Scale to reflectance</source>
            <translation>Échelle vers la réflectance</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>Scene classification, or rasters whose non-zero pixels are clear: one for all, or one for each input in the same order; of a folder or a stack, one for all, or one for each date, with the date in its name. Without them clouds are found by a built-in estimate.</source>
            <translation>Classification de scène, ou rasters dont les pixels non nuls sont clairs : un pour tous, ou un pour chaque entrée dans le même ordre ; pour un dossier ou une pile, un pour tous, ou un par date, avec la date dans son nom. Sans eux, les nuages sont estimés par sitsr.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>Seconds of computing</source>
            <translation>Secondes de calcul</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>See a result without any data of yours</source>
            <translation>Voir un résultat sans aucune donnée à vous</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>See the models with their cards, add and remove some</source>
            <translation>Voir les modèles et leurs fiches, en ajouter et en supprimer</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Seed</source>
            <translation>Graine</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>Selected layers ({count})</source>
            <translation>Couches sélectionnées ({count})</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Sentinel-2, 12 or 13 bands in order</source>
            <translation>Sentinel-2, 12 ou 13 bandes dans l'ordre</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Sentinel-2, the 10 and 20 m bands</source>
            <translation>Sentinel-2, les bandes à 10 et 20 m</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <location filename="../../sitsr_plugin/gui/dock.py" />
            <source>Series</source>
            <translation>Série</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>Set 'Folder for several dates' (OUTPUT_FOLDER).</source>
            <translation>Renseignez « Dossier pour plusieurs dates » (OUTPUT_FOLDER).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>Set 'Super-resolved image' (OUTPUT).</source>
            <translation>Renseignez « Image super-résolue » (OUTPUT).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_fixes.py" />
            <source>Set the date of {name}…</source>
            <translation>Donner la date de {name}…</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>Set {name}.</source>
            <translation>Renseignez {name}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment.py" />
            <source>Set {setting} to a working Python.</source>
            <translation>Donnez à {setting} un Python qui fonctionne.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/metadata.py" />
            <source>Settings: {settings}.</source>
            <translation>Réglages : {settings}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>Several masks of a folder or a stack need their dates in their names, such as clear_2024-06-11.tif.</source>
            <translation>Plusieurs masques d'un dossier ou d'une pile doivent porter leur date dans leur nom, comme clear_2024-06-11.tif.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Several plausible images: their mean, and how much they differ. Slowest.</source>
            <translation>Plusieurs images plausibles : leur moyenne, et combien elles diffèrent. Le plus lent.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>Several target dates were asked but no folder to write them to.</source>
            <translation>Plusieurs dates cibles ont été demandées, mais aucun dossier où les écrire.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Share of cloudy dates (%)</source>
            <translation>Part de dates nuageuses (%)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Share of the image without clouds and their shadows, in percent.</source>
            <translation>Part de l'image sans nuages ni leurs ombres, en pour cent.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Shift (px)</source>
            <translation>Décalage (px)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Shifted by more than one pixel (rows, columns) against the clearest date: {dates}.</source>
            <translation>Décalées de plus d'un pixel (lignes, colonnes) par rapport à la date la plus claire : {dates}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Show</source>
            <translation>Afficher</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/preview_window.py" />
            <source>Show all</source>
            <translation>Tout afficher</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>Show or hide it in the plot</source>
            <translation>Afficher ou masquer dans le graphique</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>Show or hide the panel that checks, previews and super-resolves a time series</source>
            <translation>Afficher ou masquer le panneau qui vérifie, montre en aperçu et super-résout une série temporelle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/preview_window.py" />
            <source>Show the whole preview again</source>
            <translation>Montrer de nouveau tout l'aperçu</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>Shows what sitsr does, without any data of yours. From a real Sentinel-2 scene of 10 m that comes with sitsr it simulates ten dates of 40 m, some of them cloudy, as GeoTIFFs with dates; then it super-resolves one of them to 10 m, finding dates, clouds and shifts by itself, and compares the result with the scene.
The series, the result and the true scene are loaded with their dates and one stretch: switch layers on and off to compare them, or play them with the Temporal Controller. PSNR and PSNR_BICUBIC tell how near the result and plain bicubic interpolation come to the truth, in decibels; more is better.
The series can be used afterwards as the input of Super-resolve time series and Inspect series.</source>
            <translation>Montre ce que fait sitsr, sans données de votre part. D'une vraie scène Sentinel-2 à 10 m fournie avec sitsr, il simule dix dates à 40 m, certaines nuageuses, en GeoTIFF datés ; puis il super-résout l'une d'elles à 10 m, en trouvant seul dates, nuages et décalages, et compare le résultat à la scène.
La série, le résultat et la scène vraie sont chargés avec leurs dates et un même étirement : activez et désactivez les couches pour les comparer, ou jouez-les avec le contrôleur temporel. PSNR et PSNR_BICUBIC disent, en décibels, combien le résultat et la simple interpolation bicubique approchent la vérité ; plus haut est meilleur.
La série peut ensuite servir d'entrée à Super-résoudre une série temporelle et à Inspecter la série.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Side of a patch in input pixels</source>
            <translation>Côté d'une imagette en pixels d'entrée</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Simulate series</source>
            <translation>Simuler une série</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Simulated {date}</source>
            <translation>Simulé {date}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Sites learned from</source>
            <translation>Sites appris</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Sites must be as large as this at least.</source>
            <translation>Les sites doivent avoir au moins cette taille.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Sites to hold out</source>
            <translation>Sites à réserver</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>Size</source>
            <translation>Taille</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>Spectral angle (degrees)</source>
            <translation>Angle spectral (degrés)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Standard deviation of the error, in reflectance, one band for each band: about 19 of 20 errors are smaller than twice its value. Asked for with several dates, one file a date is written.</source>
            <translation>Écart-type de l'erreur, en réflectance, une bande pour chaque bande : environ 19 erreurs sur 20 sont plus petites que deux fois sa valeur. Demandé pour plusieurs dates, un fichier par date est écrit.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Standard deviation of the noise at a reflectance of 0.15; 0.001 is that of Sentinel-2.</source>
            <translation>Écart-type du bruit à une réflectance de 0,15 ; 0,001 est celui de Sentinel-2.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/run_bar.py" />
            <source>Start computing in the background; QGIS stays usable</source>
            <translation>Lancer le calcul en arrière-plan ; QGIS reste utilisable</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>Started from</source>
            <translation>Point de départ</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/run_bar.py" />
            <source>Starting ...</source>
            <translation>Démarrage…</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>State</source>
            <translation>État</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Status</source>
            <translation>État</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Steps for the denoiser</source>
            <translation>Pas pour le débruiteur</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>Steps for the image</source>
            <translation>Pas pour l'image</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/run_bar.py" />
            <source>Stop the run; finished tiles are kept</source>
            <translation>Arrêter le calcul ; les tuiles finies sont conservées</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Stop what is under way; nothing half-made is left</source>
            <translation>Arrêter ce qui est en cours ; rien d'inachevé ne reste</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/dock.py" />
            <source>Stopping ...</source>
            <translation>Arrêt…</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Stopping...</source>
            <translation>Arrêt…</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>Such as B02=1,B03=2,B04=3,B08=4; only when the bands cannot be told from their names, wavelengths or the file names. The same for every raster.</source>
            <translation>Par exemple B02=1,B03=2,B04=3,B08=4 ; seulement quand les bandes ne se reconnaissent ni à leurs noms, ni à leurs longueurs d'onde, ni aux noms des fichiers. Les mêmes pour tous les rasters.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/run_bar.py" />
            <source>Super-resolve the middle of the map in a few seconds and compare it with the input</source>
            <translation>Super-résoudre le milieu de la carte en quelques secondes et le comparer à l'entrée</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <location filename="../../sitsr_plugin/gui/dock.py" />
            <location filename="../../sitsr_plugin/gui/questions.py" />
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>Super-resolve time series</source>
            <translation>Super-résoudre une série temporelle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/temporal.py" />
            <location filename="../../sitsr_plugin/gui/profile_plot.py" />
            <source>Super-resolved</source>
            <translation>Super-résolu</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/metadata.py" />
            <source>Super-resolved by sitsr for {date}.</source>
            <translation>Super-résolu par sitsr pour le {date}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>Super-resolved image</source>
            <translation>Image super-résolue</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/preview_window.py" />
            <source>Super-resolved {date}</source>
            <translation>Super-résolu {date}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>Super-resolves a sample series that comes with sitsr and compares the result with the truth.</source>
            <translation>Super-résout une série d'exemple fournie avec sitsr et compare le résultat à la vérité.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>Table of dates (CSV)</source>
            <translation>Tableau des dates (CSV)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>Table of true shifts</source>
            <translation>Tableau des vrais décalages</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>Tables (*.csv)</source>
            <translation>Tableaux (*.csv)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>Take all layers out of the series; the project keeps them</source>
            <translation>Retirer toutes les couches de la série ; le projet les garde</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_panel.py" />
            <source>Take the selected dates out of the series</source>
            <translation>Retirer les dates sélectionnées de la série</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Takes about {installed:.2f} GB in the QGIS profile; {free:.1f} GB are free.</source>
            <translation>Occupe environ {installed:.2f} Go dans le profil QGIS ; {free:.1f} Go sont libres.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Target date (empty for the latest)</source>
            <translation>Date cible (vide pour la plus récente)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>Temporal profile</source>
            <translation>Profil temporel</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Temporary file</source>
            <translation>Fichier temporaire</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Temporary folder</source>
            <translation>Dossier temporaire</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Test</source>
            <translation>Tester</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>Testing with a real convolution and a tiny prediction</source>
            <translation>Test avec une vraie convolution et une petite prédiction</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>The CPU build works everywhere. That for NVIDIA GPUs is larger, and much faster with such a card.</source>
            <translation>La version pour processeurs fonctionne partout. Celle pour GPU NVIDIA est plus volumineuse, et bien plus rapide avec une telle carte.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment.py" />
            <source>The Python environment of '{path}' lacks {packages}.</source>
            <translation>Il manque {packages} à l'environnement Python de « {path} ».</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_client.py" />
            <source>The Python interpreter '{path}' given by {source} could not be started.</source>
            <translation>L'interpréteur Python « {path} » donné par {source} n'a pas pu démarrer.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment.py" />
            <source>The Python interpreter '{path}' given by {source} does not exist.</source>
            <translation>L'interpréteur Python « {path} » donné par {source} n'existe pas.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/task.py" />
            <source>The algorithm '{name}' is not registered.</source>
            <translation>L'algorithme « {name} » n'est pas enregistré.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The archive '{name}' holds no rasters that can be used{left_out}.</source>
            <translation>L'archive « {name} » ne contient pas de raster utilisable{left_out}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/dock.py" />
            <source>The area lies outside the series: choose another, or clear it.</source>
            <translation>La zone est hors de la série : choisissez-en une autre, ou effacez-la.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The bounds {bounds} do not exist in '{crs}'.</source>
            <translation>L'emprise {bounds} n'existe pas dans « {crs} ».</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The bounds {bounds} lie outside the image, whose bounds are {own}.</source>
            <translation>L'emprise {bounds} se trouve hors de l'image, dont l'emprise est {own}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The date is missing or doubtful for {count} of the inputs: {names}.</source>
            <translation>La date manque ou est douteuse pour {count} des entrées : {names}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The date {date} is given for '{key}', which is no layer of the series.</source>
            <translation>La date {date} est donnée pour « {key} », qui n'est pas une couche de la série.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_panel.py" />
            <source>The dates of the series and what was found out about each. Double-click a date to correct it. Point at a cell or at a column's head to read what it means.</source>
            <translation>Les dates de la série et ce qui a été trouvé de chacune. Double-cliquez sur une date pour la corriger. Survolez une cellule ou l'en-tête d'une colonne pour lire ce qu'ils signifient.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>The day on which the image was taken. Double-click to correct it.</source>
            <translation>Le jour où l'image a été prise. Double-cliquez pour le corriger.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>The day or days that the result shows. All dates near them help, whichever is chosen.</source>
            <translation>Le ou les jours que le résultat montre. Toutes les dates proches y contribuent, quel que soit le choix.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>The day that the result shows, as YYYY-MM-DD; several with commas, or the word all. It need not be one of the series' dates: the nearest clear dates make it.</source>
            <translation>Le jour que le résultat montre, sous la forme AAAA-MM-JJ ; plusieurs séparés par des virgules, ou le mot all (toutes). Ce peut être un autre jour que ceux de la série : les dates claires les plus proches y servent.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>The day to show. It need not be one of the series' dates: the nearest dates are used.</source>
            <translation>Le jour à montrer. Ce peut être un autre jour que ceux de la série : les dates les plus proches servent.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>The disk is full.</source>
            <translation>Le disque est plein.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/places.py" />
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The disk that holds '{path}' is full.</source>
            <translation>Le disque qui contient « {path} » est plein.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>The environment is being made already, perhaps by another QGIS window.</source>
            <translation>L'environnement est déjà en cours de création, peut-être par une autre fenêtre QGIS.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>The expected image is computed from the series as it is and again from the series mirrored and turned; the average is a little nearer to the truth. Each orientation takes the time of the faithful mode once more. 0 one, 1 two, 2 four, 3 eight.</source>
            <translation>L'image attendue est calculée à partir de la série telle quelle, puis de la série retournée et tournée ; la moyenne est un peu plus près de la vérité. Chaque orientation prend une fois de plus le temps du mode fidèle. 0 une, 1 deux, 2 quatre, 3 huit.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>The expected image to measure in, or plausible images with more texture to look at.</source>
            <translation>L'image attendue pour y mesurer, ou des images plausibles, plus texturées, pour regarder.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>The expected image: best for measurements, and fastest.</source>
            <translation>L'image attendue : la meilleure pour mesurer, et la plus rapide.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>The extent has no area.</source>
            <translation>L'emprise n'a pas de surface.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>The figures as a page; it opens in the results viewer.</source>
            <translation>Les chiffres sous forme de page ; elle s'ouvre dans la visionneuse de résultats.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The files of {date} have no {bands}: {names}.</source>
            <translation>Les fichiers du {date} n'ont pas {bands} : {names}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>The fine image as reflectance times 10000, cut to the series' extent. When it is loaded, the series is too.</source>
            <translation>L'image fine en réflectance fois 10000, découpée à l'emprise de la série. Quand elle est chargée, la série l'est aussi.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>The folder '{folder}' does not exist.</source>
            <translation>Le dossier « {folder} » n'existe pas.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The folder '{name}' has no rasters that can be used.</source>
            <translation>Le dossier « {name} » n'a pas de raster utilisable.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The folder '{name}' has no rasters that can be used: {left_out}.</source>
            <translation>Le dossier « {name} » n'a pas de raster utilisable : {left_out}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_plan.py" />
            <source>The folder '{path}' holds no wheels (*.whl).</source>
            <translation>Le dossier « {path} » ne contient aucun paquet wheel (*.whl).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>The identity of the package index could not be verified (TLS certificate).</source>
            <translation>L'identité du dépôt de paquets n'a pas pu être vérifiée (certificat TLS).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>The image is computed in squares of this side, to save memory. 0 chooses it from the free memory. It does not change the result.</source>
            <translation>L'image est calculée par carrés de ce côté, pour économiser la mémoire. 0 le choisit selon la mémoire libre. Cela ne change pas le résultat.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/preview.py" />
            <source>The input of this date cannot be opened as one raster, so it cannot be shown beside the result.</source>
            <translation>L'entrée de cette date ne peut pas être ouverte comme un seul raster : elle ne peut pas être montrée à côté du résultat.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>The layer '{name}' comes from the '{provider}' provider, which the worker cannot read.</source>
            <translation>La couche « {name} » vient du fournisseur « {provider} », que le calcul ne sait pas lire.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>The layer or file of this date.</source>
            <translation>La couche ou le fichier de cette date.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>The log's last lines say why: copy the diagnostics to report them.</source>
            <translation>Les dernières lignes du journal disent pourquoi : copiez le diagnostic pour les signaler.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The mask '{name}' covers {share} of the series; what lies beyond it counts as cloud.</source>
            <translation>Le masque « {name} » couvre {share} de la série ; ce qui est au-delà compte comme nuage.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The mask '{name}' does not lie on the series.</source>
            <translation>Le masque « {name} » ne couvre pas le lieu de la série.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The mask '{path}' is a folder.</source>
            <translation>Le masque « {path} » est un dossier.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The mask '{path}' is given for '{key}', which is no layer of the series.</source>
            <translation>Le masque « {path} » est donné pour « {key} », qui n'est pas une couche de la série.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/models.py" />
            <source>The model could not be copied to '{path}': {reason}.</source>
            <translation>Le modèle n'a pas pu être copié dans « {path} » : {reason}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/model_choice.py" />
            <source>The model that sitsr takes when none is named: small and fast.</source>
            <translation>Le modèle que sitsr prend quand aucun n’est nommé : petit et rapide.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>The model's card needs it.</source>
            <translation>La fiche du modèle en a besoin.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>The model's file '{path}' must end in {ending}.</source>
            <translation>Le fichier du modèle « {path} » doit se terminer par {ending}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>The model's file. A training that was cancelled is kept beside it, in a folder of its name and .sitsr-run.</source>
            <translation>Le fichier du modèle. Un apprentissage annulé est gardé à côté, dans un dossier de son nom suivi de .sitsr-run.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>The models that a run can take</source>
            <translation>Les modèles qu'un calcul peut employer</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>The number that the random draws start from. The same seed gives the same raster, another one another plausible image.</source>
            <translation>Le nombre d'où partent les tirages au hasard. La même graine donne le même raster, une autre une autre image plausible.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>The number that the random draws start from. The same seed gives the same series.</source>
            <translation>Le nombre d'où partent les tirages au hasard. La même graine donne la même série.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The only date has no clear pixels: all are cloud or no-data ({names}).</source>
            <translation>La seule date n'a pas de pixels clairs : tout est nuage ou sans donnée ({names}).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/profile.py" />
            <source>The only dated raster does not cover this place. Click on it.</source>
            <translation>Le seul raster daté ne couvre pas cet endroit. Cliquez dessus.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The output '{path}' exists already.</source>
            <translation>La sortie « {path} » existe déjà.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The output '{path}' has the ending of a format that is not written.</source>
            <translation>La sortie « {path} » a la fin d'un format qui n'est pas écrit.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/places.py" />
            <source>The output '{path}' is a folder.</source>
            <translation>La sortie « {path} » est un dossier.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>The package index on the internet could not be reached.</source>
            <translation>Le dépôt de paquets sur internet n'a pas pu être joint.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>The part of the image to compute. Left out, all of it. It is widened to whole pixels of the input.</source>
            <translation>La partie de l'image à calculer. Omise : toute l'image. Elle est étendue à des pixels entiers de l'entrée.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>The proxy did not let the download through.</source>
            <translation>Le proxy n'a pas laissé passer le téléchargement.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>The raster to be judged, at most 4096 x 4096 pixels.</source>
            <translation>Le raster à juger, au plus 4096 x 4096 pixels.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The rasters do not share one grid: {first} and {names} differ in {difference}.</source>
            <translation>Les rasters n'ont pas la même grille : {first} et {names} diffèrent par : {difference}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The rasters do not share one grid: {names} differ from the other {count} in {difference}.</source>
            <translation>Les rasters n'ont pas la même grille : {names} diffèrent des {count} autres par : {difference}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The rasters do not share one grid: {names} differs from the other {count} in {difference}.</source>
            <translation>Les rasters n'ont pas la même grille : {names} diffère des {count} autres par : {difference}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The rasters have different number types ({types}).</source>
            <translation>Les rasters ont des types de nombres différents ({types}).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The rasters have different numbers of bands ({names}: {fewest}, {name}: {most}), and nothing names the bands.</source>
            <translation>Les rasters n'ont pas le même nombre de bandes ({names} : {fewest}, {name} : {most}), et rien ne nomme les bandes.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The rasters have no georeferencing; the output has none either.</source>
            <translation>Les rasters ne sont pas géoréférencés ; la sortie ne l'est pas non plus.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <source>The report as a page with a small picture of each date; it opens in the results viewer.</source>
            <translation>Le rapport sous forme de page avec une vignette de chaque date ; il s'ouvre dans la visionneuse de résultats.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/base.py" />
            <source>The result is a GeoTIFF: '{path}' must end in .tif.</source>
            <translation>Le résultat est un GeoTIFF : « {path} » doit finir par .tif.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/dock.py" />
            <source>The run failed and gave no reason: the log messages panel has more.</source>
            <translation>L'exécution a échoué sans donner de raison : le panneau des messages du journal en dit plus.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The run needs about {needed} on the disk that holds '{path}', and {free} are free.</source>
            <translation>L'exécution demande environ {needed} sur le disque qui contient « {path} », et {free} sont libres.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>The same figures as CSV, one row a method.</source>
            <translation>Les mêmes chiffres en CSV, une ligne par méthode.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>The same figures as JSON.</source>
            <translation>Les mêmes chiffres en JSON.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>The same place on different dates: one raster a date, one a band and date, or one stacked raster (which needs a table of dates).</source>
            <translation>Le même lieu à différentes dates : un raster par date, un par bande et date, ou un raster empilé (qui demande un tableau des dates).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <source>The same report as JSON.</source>
            <translation>Le même rapport en JSON.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>The same seed draws the same patches.</source>
            <translation>La même graine tire les mêmes imagettes.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>The table of dates '{path}' does not exist.</source>
            <translation>Le tableau des dates « {path} » n'existe pas.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>The table of dates names '{who}', which is not in the series.</source>
            <translation>Le tableau des dates nomme « {who} », qui n'est pas dans la série.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>The target date {date} lies outside the series, which runs from {first} to {last}.</source>
            <translation>La date cible {date} est hors de la série, qui va du {first} au {last}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>The ten dates go to its subfolder series, the true scene beside that.</source>
            <translation>Les dix dates vont dans son sous-dossier series, la scène vraie à côté.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>The trained network. Left out, the default one. The name of a model in Raster &gt; sitsr &gt; Models works too.</source>
            <translation>Le réseau entraîné. Omis : celui par défaut. Le nom d'un modèle de Raster &gt; sitsr &gt; Modèles convient aussi.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>The trained network. Raster &gt; sitsr &gt; Models shows what each was trained on.</source>
            <translation>Le réseau entraîné. Raster &gt; sitsr &gt; Modèles montre sur quoi chacun a été entraîné.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_plan.py" />
            <source>The wheel '{name}' is damaged.</source>
            <translation>Le paquet wheel « {name} » est endommagé.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_client.py" />
            <source>The worker failed.</source>
            <translation>Le calcul a échoué.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>The worker has not looked at it yet: press Check.</source>
            <translation>Elle n'a pas encore été lue : cliquez sur Vérifier.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_client.py" />
            <source>The worker process ended with code {code} and gave no result.</source>
            <translation>Le processus de calcul a fini avec le code {code} et sans résultat.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_client.py" />
            <source>The worker process was killed or crashed before it finished; often the memory ran out.</source>
            <translation>Le processus de calcul a été tué ou a planté avant la fin ; souvent, la mémoire a manqué.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_client.py" />
            <source>The worker's log: {path}</source>
            <translation>Journal du calcul : {path}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_panel.py" />
            <source>There are no rasters in '{folder}'.</source>
            <translation>Il n'y a pas de raster dans « {folder} ».</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>There are {masks} masks for {inputs} rasters.</source>
            <translation>Il y a {masks} masques pour {inputs} rasters.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/models.py" />
            <source>There is a model named '{name}' already.</source>
            <translation>Il y a déjà un modèle nommé « {name} ».</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>They are of two tiles, {one} and {other}: give one tile at a time, or mosaic the tiles first.</source>
            <translation>Ils sont de deux tuiles, {one} et {other} : donnez une tuile à la fois, ou faites d'abord une mosaïque des tuiles.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/base.py" />
            <source>This algorithm describes no job.</source>
            <translation>Cet algorithme ne décrit aucune tâche.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_selftest.py" />
            <source>This environment does not work. {check}: {detail}</source>
            <translation>Cet environnement ne fonctionne pas. {check} : {detail}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/profile.py" />
            <source>This place has no clear data on any date. Click somewhere else.</source>
            <translation>Cet endroit n'a de données claires à aucune date. Cliquez ailleurs.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/dock_parameters.py" />
            <source>Tick dates in the table, or choose the latest clear date.</source>
            <translation>Cochez des dates dans le tableau, ou choisissez la dernière date claire.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>Tidying up</source>
            <translation>Rangement</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Tile size in input pixels</source>
            <translation>Taille des tuiles en pixels d'entrée</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/base.py" />
            <source>Time series</source>
            <translation>Série temporelle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>Time series panel</source>
            <translation>Panneau de série temporelle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>To see the model in lists, add it in Raster &gt; sitsr &gt; Models.</source>
            <translation>Pour voir le modèle dans les listes, ajoutez-le dans Raster &gt; sitsr &gt; Modèles.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>Trained on</source>
            <translation>Entraîné sur</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>True colours, one stretch for all dates. Magenta: taken for cloud or its shadow, and left out. Striped: no data.</source>
            <translation>Couleurs naturelles, un même étirement pour toutes les dates. Magenta : pris pour un nuage ou son ombre, et laissé de côté. Rayé : sans donnée.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>True image</source>
            <translation>Image vraie</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>True scene</source>
            <translation>Scène vraie</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>Truth {date}</source>
            <translation>Vérité {date}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>Try again; if it repeats, a mirror or proxy changes packages: use the package index itself, or other wheels.</source>
            <translation>Réessayez ; si cela se répète, un miroir ou un proxy change les paquets : utilisez l'index lui-même, ou d'autres wheels.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>Try it on a sample series</source>
            <translation>Essayer sur une série d'exemple</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>Two masks are of {date}.</source>
            <translation>Deux masques sont du {date}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>Two, for up to twice the time</source>
            <translation>Deux, pour jusqu'à deux fois le temps</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <location filename="../../sitsr_plugin/core/temporal.py" />
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>Uncertainty</source>
            <translation>Incertitude</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>Use a 64-bit Python 3.11 to 3.14, or add the wheel for this Python to the folder of wheels.</source>
            <translation>Utilisez un Python 64 bits de 3.11 à 3.14, ou ajoutez le wheel de ce Python au dossier de wheels.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>Use a layer's name, its file name or its position.</source>
            <translation>Utilisez le nom d'une couche, son nom de fichier ou sa position.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Use an existing Python</source>
            <translation>Utiliser un Python existant</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Use it</source>
            <translation>L'utiliser</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Use one of {dates}, or a day between them.</source>
            <translation>Utilisez l'une de {dates}, ou un jour entre elles.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>Used when no rasters are given: every raster in it belongs to the series, results of sitsr apart.</source>
            <translation>Utilisé quand aucun raster n'est donné : tous ses rasters font partie de la série, sauf les résultats de sitsr.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/plugin.py" />
            <source>User guide</source>
            <translation>Guide d'utilisation</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>Valid %</source>
            <translation>% valide</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>Version</source>
            <translation>Version</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Versions, state and log, without your folders and name</source>
            <translation>Versions, état et journal, sans vos dossiers ni votre nom</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Wait for it to end, or give this run another output.</source>
            <translation>Attendez qu'il se termine, ou donnez une autre sortie à ce calcul.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>Wait until it has finished.</source>
            <translation>Attendez la fin.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/models.py" />
            <source>Wait until no run uses it.</source>
            <translation>Attendez qu'aucune exécution ne l'utilise.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_fixes.py" />
            <source>Warp all dates to one grid</source>
            <translation>Ramener toutes les dates à une seule grille</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>Warp to one grid</source>
            <translation>Ramener à une seule grille</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Warped from coarser pixels, so less sharp than the others: {names}.</source>
            <translation>Rééchantillonnés depuis des pixels plus grossiers, donc moins nets que les autres : {names}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>Warped on the fly to the grid of {first}: {names}.</source>
            <translation>Reprojetés à la volée sur la grille de {first} : {names}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/fix_button.py" />
            <source>What can be done about it</source>
            <translation>Ce qui peut être fait</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/run_parameters.py" />
            <source>What computes: auto (a graphics card that works, else the processor), cpu, cuda, cuda:0 or mps.</source>
            <translation>Ce qui calcule : auto (une carte graphique qui fonctionne, sinon le processeur), cpu, cuda, cuda:0 ou mps.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>What happens is written here.</source>
            <translation>Ce qui se passe s'écrit ici.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>What is added to get reflectance. Left out, it is detected for each date: -0.1 for Sentinel-2 products since January 2022 (baseline 04.00), 0 before.</source>
            <translation>Ce qui est ajouté pour obtenir la réflectance. Omis, il est détecté pour chaque date : -0,1 pour les produits Sentinel-2 depuis janvier 2022 (baseline 04.00), 0 avant.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>What is added to get reflectance: Sentinel-2 products since January 2022 carry -0.1.</source>
            <translation>Ce qui est ajouté pour obtenir la réflectance : -0,1 pour les produits Sentinel-2 depuis janvier 2022.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>What is seldom needed: cloud masks, grids that differ, averaging over orientations, what else to write.</source>
            <translation>Ce qui sert rarement : masques de nuages, grilles différentes, moyenne sur plusieurs orientations, ce qu'il faut écrire en plus.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>What it should look like, with pixels of the same size that lie on each other.</source>
            <translation>Ce à quoi elle devrait ressembler, avec des pixels de même taille qui se superposent.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/more_options.py" />
            <source>What says where the sky is clear. Automatically: the scene classification (SCL) that came with the images, else an estimate. Your own masks: scene classifications, or rasters that are not zero where it is clear; one for every date, or one each (of a folder or a stack, with the date in its name).</source>
            <translation>Ce qui dit où le ciel est clair. Automatiquement : la classification de scène (SCL) fournie avec les images, sinon une estimation. Vos propres masques : des classifications de scène, ou des rasters non nuls là où le ciel est clair ; un pour toutes les dates, ou un pour chacune (pour un dossier ou une pile, avec la date dans son nom).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>What the chosen model was trained on, and how well it does</source>
            <translation>Sur quoi le modèle choisi a été entraîné, et ses résultats</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>What the image was computed from: for bicubic interpolation and the difference to the observed pixels.</source>
            <translation>Ce dont l'image a été calculée : pour l'interpolation bicubique et l'écart aux pixels observés.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>What the images are</source>
            <translation>Ce que sont les images</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>What the programs print that make or test the environment</source>
            <translation>Ce qu'affichent les programmes qui créent ou testent l'environnement</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/run_bar.py" />
            <source>What the run said: device, memory, dates used</source>
            <translation>Ce que l'exécution a dit : appareil, mémoire, dates utilisées</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/parameters.py" />
            <source>What turns the stored numbers into reflectance (0 to 1): reflectance = value * scale + offset. Left out, it is detected for each date (1/10000 for Sentinel-2).</source>
            <translation>Ce qui change les nombres enregistrés en réflectance (0 à 1) : réflectance = valeur * échelle + décalage. Omise, l'échelle est détectée pour chaque date (1/10000 pour Sentinel-2).</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/unfinished.py" />
            <source>What was learned so far is kept: run it again with the same output and settings to go on.</source>
            <translation>Ce qui a été appris est gardé : relancez avec la même sortie et les mêmes réglages pour continuer.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Where the date was found: layer, tags, metadata, file name, or typed by you.</source>
            <translation>Où la date a été trouvée : couche, étiquettes, métadonnées, nom de fichier, ou saisie par vous.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/source_panel.py" />
            <source>Where the images are: layers of this project, all rasters in a folder, or one raster that holds all dates.</source>
            <translation>Où sont les images : les couches de ce projet, tous les rasters d'un dossier, ou un raster qui contient toutes les dates.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_failures.py" />
            <source>Where your network inspects traffic, ask for its certificate file, set SSL_CERT_FILE and PIP_CERT to it and restart QGIS.</source>
            <translation>Si votre réseau inspecte le trafic, demandez son fichier de certificat, indiquez-le dans SSL_CERT_FILE et PIP_CERT, puis redémarrez QGIS.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>Whether this date can be used; point at it for what to do.</source>
            <translation>Si cette date est utilisable ; survolez-la pour savoir que faire.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/options_panel.py" />
            <source>Whole image</source>
            <translation>Image entière</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>Working...</source>
            <translation>En cours…</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_selftest.py" />
            <source>Works: computes on {device} in {precision}. {reason} PyTorch {torch}, Python {python}, sitsr {version}.</source>
            <translation>Fonctionne : calcule sur {device} en {precision}. {reason} PyTorch {torch}, Python {python}, sitsr {version}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>Write it as B02=1,B03=2,B04=3,B08=4.</source>
            <translation>Écrivez-le sous la forme B02=1,B03=2,B04=3,B08=4.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/layers.py" />
            <source>Write it as YYYY-MM-DD.</source>
            <translation>Écrivez-la sous la forme AAAA-MM-JJ.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>a VRT of bands that are read themselves</source>
            <translation>un VRT de bandes qui sont lues elles-mêmes</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>a picture or a side product of Sentinel-2, not a band</source>
            <translation>une image ou un produit annexe de Sentinel-2, pas une bande</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>after</source>
            <translation>après</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>auto (takes a GPU that works), cpu, cuda or cuda:0.</source>
            <translation>auto (prend un GPU qui fonctionne), cpu, cuda ou cuda:0.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>before</source>
            <translation>avant</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>bicubic interpolation</source>
            <translation>interpolation bicubique</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <location filename="../../sitsr_plugin/gui/profile_plot.py" />
            <source>cloudy</source>
            <translation>nuageux</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/inspectseries.py" />
            <source>dates,clouds,sentinel-2,time series,super-resolution,check,preflight,report</source>
            <translation>dates,nuages,sentinel-2,série temporelle,super-résolution,vérification,contrôle,rapport</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluate.py" />
            <source>evaluate,compare,quality,accuracy,psnr,ssim,spectral angle,ergas,metrics,validation,sentinel-2</source>
            <translation>évaluer,comparer,qualité,exactitude,psnr,ssim,angle spectral,ergas,mesures,validation,sentinel-2</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>file name</source>
            <translation>nom du fichier</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune.py" />
            <source>fine-tune,train,training,learn,model,weights,transfer,orthophoto,aerial,sentinel-2,time series</source>
            <translation>affiner,entraîner,apprentissage,apprendre,modèle,poids,transfert,orthophoto,aérien,sentinel-2,séries temporelles</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>folder name</source>
            <translation>nom du dossier</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>gain over bicubic on held-out sites (dB)</source>
            <translation>gain sur le bicubique sur les sites réservés (dB)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>layer</source>
            <translation>couche</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>loss (less is better)</source>
            <translation>perte (moins est mieux)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>loss on held-out sites (less is better)</source>
            <translation>perte sur les sites réservés (moins est mieux)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/series_model.py" />
            <source>missing</source>
            <translation>manquant</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_client.py" />
            <source>model</source>
            <translation>modèle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>netCDF time</source>
            <translation>temps netCDF</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>no CRS</source>
            <translation>pas de SCR</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <location filename="../../sitsr_plugin/gui/profile_plot.py" />
            <source>no data</source>
            <translation>aucune donnée</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>no input dates</source>
            <translation>aucune date d'entrée</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>no super-resolved dates</source>
            <translation>aucune date super-résolue</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>none</source>
            <translation>aucun</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>not a raster format that is looked for in folders</source>
            <translation>pas d'un format raster recherché dans les dossiers</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>not an archive that can be read</source>
            <translation>pas une archive lisible</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>not checked</source>
            <translation>non vérifié</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>number x {scale} {offset} ({source})</source>
            <translation>nombre x {scale} {offset} ({source})</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>of a raster format that is not looked for in folders; to use one, give the file itself</source>
            <translation>d'un format raster qui n'est pas recherché dans les dossiers ; pour en utiliser un, donnez le fichier lui-même</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>ok</source>
            <translation>ok</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>one band, and nothing says which</source>
            <translation>une seule bande, et rien ne dit laquelle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_plot.py" />
            <source>outside the raster</source>
            <translation>hors du raster</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>partly cloudy</source>
            <translation>en partie nuageux</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>pixel size</source>
            <translation>taille des pixels</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>pixels</source>
            <translation>pixels</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>place</source>
            <translation>position</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_client.py" />
            <source>precision</source>
            <translation>précision</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>results of sitsr; to use one, give the file itself</source>
            <translation>résultats de sitsr ; pour en utiliser un, donnez le fichier lui-même</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/tryit.py" />
            <source>sample,example,demo,tutorial,first steps,super-resolution,sentinel-2,time series</source>
            <translation>échantillon,exemple,démo,tutoriel,premiers pas,super-résolution,sentinel-2,série temporelle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>see below</source>
            <translation>voir dessous</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>shift unknown</source>
            <translation>décalage inconnu</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>simulate,synthetic,degrade,point spread function,clouds,shifts,training,teaching,sentinel-2,time series</source>
            <translation>simuler,synthétique,dégrader,fonction d'étalement,nuages,décalages,entraînement,enseignement,sentinel-2,série temporelle</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/messages.py" />
            <source>sitsr</source>
            <translation>sitsr</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment.py" />
            <source>sitsr has no Python environment to compute in yet.</source>
            <translation>sitsr n'a pas encore d'environnement Python pour calculer.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_client.py" />
            <source>sitsr {version} computes on {device}{reason}</source>
            <translation>sitsr {version} calcule sur {device}{reason}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/environment_dialog.py" />
            <source>sitsr: Python environment</source>
            <translation>sitsr : environnement Python</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>sitsr: check a Python interpreter</source>
            <translation>sitsr : vérifier un interpréteur Python</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>sitsr: make the Python environment</source>
            <translation>sitsr : créer l'environnement Python</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>sitsr: models</source>
            <translation>sitsr : modèles</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>sitsr: remove old Python environments</source>
            <translation>sitsr : supprimer les anciens environnements Python</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/provider.py" />
            <source>sitsr: super-resolution of satellite image time series</source>
            <translation>sitsr : super-résolution de séries temporelles d'images satellite</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>sitsr: test the Python environment</source>
            <translation>sitsr : tester l'environnement Python</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>size</source>
            <translation>taille</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>step</source>
            <translation>pas</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/superresolvetimeseries.py" />
            <source>super-resolution,sentinel-2,satellite,temporal,multi-image,diffusion,deep learning,pansharpen,upscale,enhance,uncertainty</source>
            <translation>super-résolution,sentinel-2,satellite,temporel,multi-image,diffusion,apprentissage profond,pansharpening,agrandir,améliorer,incertitude</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>super-resolved</source>
            <translation>super-résolu</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment.py" />
            <source>the environment variable {name}</source>
            <translation>la variable d'environnement {name}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment.py" />
            <source>the managed environment</source>
            <translation>l'environnement géré</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment.py" />
            <source>the setting {name}</source>
            <translation>le paramètre {name}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>type a date</source>
            <translation>tapez une date</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/series_rows.py" />
            <source>typed</source>
            <translation>tapée</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/report.py" />
            <source>unknown</source>
            <translation>inconnu</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>you</source>
            <translation>vous</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/estimate.py" />
            <source>{count:.1f} h</source>
            <translation>{count:.1f} h</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>{count} input dates</source>
            <translation>{count} dates d'entrée</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/estimate.py" />
            <source>{count} min</source>
            <translation>{count} min</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/evaluation_report.py" />
            <source>{count} pixels of {width} x {height}</source>
            <translation>{count} pixels de {width} x {height}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/estimate.py" />
            <source>{count} s</source>
            <translation>{count} s</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>{count} super-resolved dates</source>
            <translation>{count} dates super-résolues</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/estimate.py" />
            <source>{dates} dates of {text}</source>
            <translation>{dates} dates de {text}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>{date} is delivered, the latest date that is clear enough; later ones, cloudy or of coarser pixels, only when asked for: {names}.</source>
            <translation>{date} est produite : c'est la dernière date assez claire. Les dates suivantes, nuageuses ou à pixels plus grossiers, ne sont produites que sur demande : {names}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>{date} shows almost no clear ground: its image is estimated from {other}, the nearest clear date.</source>
            <translation>{date} ne montre presque pas de sol clair : son image est estimée à partir du {other}, la date claire la plus proche.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>{date} was not acquired: its image starts from {other}, the nearest clear date, and no observation of that day corrects it.</source>
            <translation>{date} n'a pas été acquis : son image part de {other}, la date claire la plus proche, et aucune observation de ce jour ne la corrige.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/simulateseries.py" />
            <source>{date}: shift {row:+.2f} {column:+.2f}, {clear:.1f} % clear</source>
            <translation>{date} : décalage {row:+.2f} {column:+.2f}, {clear:.1f} % clair</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>{date}: {share} of the area is left without data, because it is clear on none of the dates used. Use more dates, or give masks of your own where bright ground was taken for cloud.</source>
            <translation>{date} : {share} de la zone reste sans données, parce qu'elle n'est claire à aucune des dates utilisées. Utilisez plus de dates, ou donnez vos propres masques là où un sol clair a été pris pour un nuage.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>{date}: {share} of the area is left without data, because this date has none there, though others have. Choose a date that covers more, or a day between two dates.</source>
            <translation>{date} : {share} de la zone reste sans données, parce que cette date n'en a pas là, alors que d'autres en ont. Choisissez une date qui couvre davantage, ou un jour entre deux dates.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_sentences.py" />
            <source>{date}{band} is given twice: {one} and {other}.</source>
            <translation>{date}{band} est donné deux fois : {one} et {other}.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>{fewest} to {most}</source>
            <translation>{fewest} à {most}</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>{gsd:g} m becomes {fine:g} m</source>
            <translation>{gsd:g} m devient {fine:g} m</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>{name} (added)</source>
            <translation>{name} (ajouté)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>{name} (comes with sitsr)</source>
            <translation>{name} (fourni avec sitsr)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/models_dialog.py" />
            <source>{name} (the default)</source>
            <translation>{name} (par défaut)</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>{name}: its card cannot be read</source>
            <translation>{name} : sa fiche ne peut pas être lue</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/environment_setup.py" />
            <source>{needed:.1f} GB are needed, {free:.1f} GB are free.</source>
            <translation>{needed:.1f} Go sont nécessaires, {free:.1f} Go sont libres.</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/algorithms/finetune_report.py" />
            <source>{pairs} fine images of {sites} sites</source>
            <translation>{pairs} images fines de {sites} sites</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/model_card.py" />
            <source>{size:.1f} MB</source>
            <translation>{size:.1f} Mo</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/worker_client.py" />
            <source>{step}, about {left} left</source>
            <translation>{step}, encore {left} environ</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/core/estimate.py" />
            <source>{width} x {height} pixels of {pixel}, {bands} bands</source>
            <translation>{width} x {height} pixels de {pixel}, {bands} bandes</translation>
        </message>
        <message>
            <location filename="../../sitsr_plugin/gui/profile_dock.py" />
            <source>{x}, {y} ({crs}): {inputs}, {outputs}.</source>
            <translation>{x}, {y} ({crs}) : {inputs}, {outputs}.</translation>
        </message>
    </context>
</TS>
