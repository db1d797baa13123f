"""A model3 with one algorithm in it, written and read again."""

from qgis.core import (
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
)


def model_of(algorithm, inputs, sources, path):
    """(model, name of its output): "finer:image", which newer QGIS may call "image" once the model was written and read.

    Args:
        inputs: definitions of the model's parameters.
        sources: parameter of the algorithm -> where its value comes from.
        path: of the file.
    """
    model = QgsProcessingModelAlgorithm("finer", "tests")
    for definition in inputs:
        model.addModelParameter(definition, QgsProcessingModelParameter(definition.name()))
    child = QgsProcessingModelChildAlgorithm(algorithm)
    child.setChildId("finer")
    for name, source in sources.items():
        child.addParameterSources(name, [source])
    result = QgsProcessingModelOutput("image", "Image")
    result.setChildId("finer")
    result.setChildOutputName("OUTPUT")
    child.setModelOutputs({"image": result})
    model.addChildAlgorithm(child)
    model.updateDestinationParameters()
    assert model.toFile(str(path))
    loaded = QgsProcessingModelAlgorithm()
    assert loaded.fromFile(str(path))
    [output] = loaded.destinationParameterDefinitions()
    return loaded, output.name()
