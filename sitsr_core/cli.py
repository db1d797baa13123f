"""``sitsr predict | inspect | finetune | selftest``: the command line."""

import argparse
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

from sitsr_core import __version__
from sitsr_core.errors import Cancelled, JobError, SitsrError
from sitsr_core.job import MODES, ORIENTATION_COUNTS, PRECISIONS, SuperResolutionJob
from sitsr_core.stopping import CANCELLED, StopWatch, leave
from sitsr_core.worker import DONE, EXPECTED, UNEXPECTED, unexpected

Command = Callable[[argparse.Namespace], int]
EXAMPLES = """examples:
  sitsr inspect S2_20240601.tif S2_20240611.tif S2_20240621.tif
  sitsr predict S2_2024*.tif -o fine.tif
  sitsr predict S2_2024*.tif -o fine.tif --date 2024-06-11 --mode ensemble --members 8
  sitsr predict folder_of_images -o series --date all
  sitsr predict stack.tif --date-table dates.csv -o fine.tif --bounds 500000 4600000 505000 4605000
  sitsr predict --job fine.tif.job.json --overwrite
  sitsr finetune my_sites -o mine.safetensors --data "orthophotos of ..." --licence CC-BY-4.0
  sitsr selftest

exit codes: 0 done, 1 an error that is explained in one sentence, 2 an unexpected error or wrong usage, 3 cancelled (Ctrl-C)
"""


_given: dict = {"default": argparse.SUPPRESS}  # only what the user gives goes into the job; the rest keeps the job's defaults


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code. Without arguments it is the program itself, and ends the process."""
    if arguments is None:
        leave(main(sys.argv[1:]))
    options = build_parser().parse_args(arguments)
    try:
        return options.run(options)
    except Cancelled as error:
        return _fail(error, options, CANCELLED)
    except SitsrError as error:
        return _fail(error, options, EXPECTED)
    except BrokenPipeError:  # a reader such as `head` that has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return DONE
    except KeyboardInterrupt:
        return _fail(Cancelled(), options, CANCELLED)
    except Exception as error:
        return _fail(unexpected(error, "Run it again with --verbose and report what it says."), options, UNEXPECTED)


def _fail(error: SitsrError, options: argparse.Namespace, code: int) -> int:
    if options.verbose:
        traceback.print_exc()
    if options.json:
        print(json.dumps({"error": error.to_dict()}))
    sys.stderr.write(f"sitsr: {error}\n" + (f"{error.detail}\n" if options.verbose and error.detail else ""))
    return code


def build_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    parser = argparse.ArgumentParser(
        prog="sitsr",
        description="Super-resolution of satellite image time series: several dates in, a georeferenced image of 4 times finer pixels out.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"sitsr {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="predict | inspect | finetune | selftest")
    predict = _command(commands, "predict", predict_command, "super-resolve a series")
    predict.add_argument(
        "-o", "--output", **_given, help="a .tif or .tiff file, or a folder (a name without the ending of a raster format)"
    )
    predict.add_argument("--job", dest="job_file", default="", metavar="FILE", help="a job file; options given beside it win")
    _series_options(predict)
    _product_options(predict)
    _run_options(predict)
    inspect = _command(commands, "inspect", inspect_command, "show each date: where it came from, clear share, radiometry, shift")
    _series_options(inspect)
    inspect.add_argument("--html", default="", metavar="FILE", help="write it as a page too, with a small picture of each date")
    _finetune_options(_command(commands, "finetune", finetune_command, "go on learning from a folder of pairs; again to go on"))
    selftest = _command(commands, "selftest", selftest_command, "check this environment with a real, tiny prediction")
    selftest.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:0 or mps")
    return parser


def _command(
    commands: argparse._SubParsersAction, name: str, run: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name, help=text, description=text.capitalize() + ".", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    command.set_defaults(run=run)
    command.add_argument("--json", action="store_true", help="print the result as JSON on standard output")
    command.add_argument("--verbose", action="store_true", help="show technical detail and the traceback of errors")
    return command


def _series_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("series")
    group.add_argument("inputs", nargs="*", **_given, help="rasters (anything GDAL reads), one folder, or one stacked raster")
    group.add_argument("--date-table", **_given, metavar="CSV", help="table with the columns layer,date")
    group.add_argument(
        "--date-of",
        dest="dates",
        type=_pair,
        action="append",
        metavar="NAME=DATE",
        **_given,
        help="the date of one input, or of one position in a stack (repeatable): --date-of a.tif=2024-06-11, --date-of 1=2024-06-11",
    )
    group.add_argument(
        "--band", "--bands", dest="bands", type=_bands, action="extend", metavar="B02=1", **_given,
        help="number of a band (repeatable, or B02=1,B03=2)",
    )  # fmt: skip
    group.add_argument("--scale", type=float, **_given, help="reflectance = value * scale + offset; found by itself if not given")
    group.add_argument("--offset", type=float, **_given, help="see --scale")
    group.add_argument(
        "--mask",
        dest="masks",
        type=_mask,
        action="append",
        metavar="[NAME=]MASK",
        **_given,
        help="a mask (not 0 where it is clear) or SCL of all dates, of an input, of a date, or of all dates in a folder (repeatable): "
        "--mask clear.tif, --mask a.tif=clear_a.tif, --mask 2024-06-11=SCL.tif, --mask images=clear.tif",
    )
    group.add_argument(
        "--align", action="store_true", **_given, help="warp dates to one grid, that of the finest pixels, instead of refusing mixed grids"
    )


def _product_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("product")
    group.add_argument(
        "--date",
        dest="target_dates",
        type=_parts,
        action="extend",
        metavar="DATE",
        **_given,
        help="date to deliver (repeatable, or with commas), or all; else the latest clear one that is not of coarser pixels",
    )
    group.add_argument(
        "--mode", choices=MODES, **_given, help="mean: best estimate; sample: one draw; ensemble: mean of draws and its uncertainty"
    )
    group.add_argument("--steps", type=int, **_given, help="denoising steps of a draw (4)")
    group.add_argument("--members", type=int, **_given, help="draws of an ensemble, in pairs: an odd number is rounded up (8)")
    group.add_argument(
        "--orientations", type=int, choices=ORIENTATION_COUNTS, **_given,
        help="average the mean over the series turned and mirrored in so many ways: a little better, as many times slower (1)",
    )  # fmt: skip
    group.add_argument("--seed", type=int, **_given, help="the same seed gives the same raster (0)")
    group.add_argument("--model", **_given, help="a bundled model's name or a .safetensors file")
    group.add_argument("--max-dates", type=int, **_given, help="acquisitions used for one date, the nearest usable ones (16)")
    group.add_argument("--back-projection", type=int, **_given, help="iterations that pull the result towards the observed pixels (3)")
    group.add_argument("--window", type=int, nargs=4, metavar=("COL", "ROW", "WIDTH", "HEIGHT"), **_given, help="area in input pixels")
    group.add_argument(
        "--bounds", type=float, nargs=4, metavar=("XMIN", "YMIN", "XMAX", "YMAX"), **_given, help="area in the input's CRS or --bounds-crs"
    )
    group.add_argument("--bounds-crs", metavar="CRS", **_given, help="CRS of --bounds, such as EPSG:4326")
    group.add_argument("--uncertainty", action="store_true", **_given, help="write the standard deviation too (always with ensemble)")
    group.add_argument("--clear-count", action="store_true", **_given, help="write the number of clear dates of each pixel too")
    group.add_argument("--cog", dest="output_format", action="store_const", const="COG", **_given, help="write Cloud Optimized GeoTIFFs")


def _run_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("run")
    group.add_argument("--tile", type=int, **_given, help="tile in input pixels, a multiple of 64 (rounded up); else chosen from memory")
    group.add_argument("--device", **_given, help="auto, cpu, cuda, cuda:0 or mps")
    group.add_argument("--precision", choices=PRECISIONS, **_given, help="auto follows the machine")
    group.add_argument("--threads", type=int, **_given, help="CPU threads (all)")
    group.add_argument("--run-folder", **_given, help="where finished tiles are kept until the run is complete (<output>.sitsr-run)")
    group.add_argument("--overwrite", action="store_true", **_given, help="replace existing outputs")
    group.add_argument("--quiet", action="store_true", help="no progress bar and no messages")


def _finetune_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", help="FOLDER/<site>/lr holds a site's series, FOLDER/<site>/hr its fine images: rasters with dates in their names"
    )
    parser.add_argument("-o", "--output", required=True, help="the new model, a .safetensors file")
    parser.add_argument("--data", required=True, help="what the images are, for the model's card")
    parser.add_argument("--licence", required=True, help="of the new weights, for the model's card")
    parser.add_argument("--model", **_given, help="what to start from: a bundled name or a .safetensors file (small)")
    parser.add_argument("--name", **_given, help="of the new model (that of its file)")
    parser.add_argument("--hold-out", nargs="*", metavar="SITE", **_given, help="sites to judge and calibrate on (every tenth)")
    parser.add_argument("--steps", type=int, **_given, help="for the image and its spread (400)")
    parser.add_argument("--flow-steps", type=int, **_given, help="for the denoiser; 0 leaves it as it is (150)")
    parser.add_argument("--learning-rate", type=float, **_given, help="the peak (3e-4)")
    parser.add_argument("--batch", type=int, **_given, help="samples a step (8)")
    parser.add_argument("--patch", type=int, **_given, help="side of a sample in input pixels (32)")
    parser.add_argument("--max-dates", type=int, **_given, help="dates of a sample, at most (8)")
    parser.add_argument("--seed", type=int, **_given, help="the same seed draws the same samples (0)")
    parser.add_argument("--device", **_given, help="auto, cpu, cuda or cuda:0")
    parser.add_argument("--overwrite", action="store_true", help="replace a finished model")
    parser.add_argument("--quiet", action="store_true", help="no progress bar and no messages")


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.rpartition("=")
    if not (separator and name and value):
        raise argparse.ArgumentTypeError(f"'{text}' is not of the form NAME=VALUE")
    return name, value


def _mask(text: str) -> tuple[str, str]:
    """A name and its mask; the name is empty when the mask is that of all dates."""
    return ("", text) if "=" not in text or os.path.exists(text) else _pair(text)


def _parts(text: str) -> list[str]:
    """What stands between commas; something must."""
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise argparse.ArgumentTypeError(f"'{text}' lacks a value")
    return parts


def _bands(text: str) -> list[tuple[str, int]]:
    return [_band(part) for part in _parts(text)]


def _band(text: str) -> tuple[str, int]:
    name, value = _pair(text)
    if not value.isdigit():
        raise argparse.ArgumentTypeError(f"'{value}' is not a band number")
    return name, int(value)


def job_from(options: argparse.Namespace, job_file: str = "", output: str = "") -> SuperResolutionJob:
    """The job that the options describe. Raises JobError."""
    import dataclasses

    names = {field.name for field in dataclasses.fields(SuperResolutionJob)}
    values: dict = dataclasses.asdict(SuperResolutionJob.from_file(job_file)) if job_file else {"inputs": [], "output": output}
    if {"bounds", "window"} & vars(options).keys():  # in the place of the job file's area
        values |= {"bounds": None, "bounds_crs": "", "window": None}
    for name, value in vars(options).items():
        if name in names and not (name == "inputs" and not value):
            values[name] = _as_dictionary(value) if name in ("dates", "bands", "masks") else value
    return SuperResolutionJob.from_dict(values)


def _as_dictionary(pairs: Iterable[tuple[str, object]]) -> dict:
    """The last value of each name. Raises JobError for two masks of all dates."""
    pairs = list(pairs)
    of_all = [str(value) for name, value in pairs if not name]
    if len(of_all) > 1:
        hint = "Name what each is for: --mask a.tif=clear_a.tif."
        raise JobError(f"Two masks are given for all dates: {of_all[0]} and {of_all[1]}.", hint)
    return dict(pairs)


def predict_command(options: argparse.Namespace) -> int:
    """``sitsr predict``."""
    job = job_from(options, options.job_file)
    from sitsr_core.inference.places import require_places

    require_places(job)  # before the engine is imported, which takes seconds
    from sitsr_core.inference.engine import super_resolve

    result = _watched(lambda tell, should_stop: super_resolve(job, tell, should_stop), options.quiet)
    if options.json:
        print(json.dumps(result.to_dict()))
    elif not options.quiet:
        print(summary(result.to_dict()))
    return DONE


def _watched(run: Callable, quiet: bool):
    """What ``run(tell, should_stop)`` returns, with a progress bar and Ctrl-C."""
    with StopWatch(last_words=lambda: print(f"\nsitsr: {Cancelled()}", file=sys.stderr)) as watch:
        with ProgressBar(silent=quiet) as bar:
            result = run(bar.show, watch.should_stop)
        watch.over()
    return result


def summary(result: dict) -> str:
    """A finished run in a few lines."""
    lines = [f"{output['kind']:<12} {output['date']}  {output['path']}" for output in result["outputs"]]
    for date, dates in result["dates_used"].items():
        means = result["consistency"].get(date, {})
        agreement = ", ".join(f"{band} {value:.5f}" for band, value in means.items()) or "the date was not observed"
        lines.append(f"{date}: from {len(dates)} date{'s' * (len(dates) != 1)}; mean |Ax - y| in reflectance: {agreement}")
    memory = result["memory"]
    lines.append(
        f"{result['seconds']:.1f} s, {result['lr_pixels_per_second']:.0f} input pixels a second, model {result['model']['name']}, "
        f"{result['device']} in {result['precision']}, {memory['peak_mb']} MB of memory ({memory['predicted_mb']} expected)"
    )
    return "\n".join(lines)


class ProgressBar:
    """Shows a run's events on standard error."""

    def __init__(self, silent: bool = False):
        from tqdm import tqdm

        form = "{desc}: {percentage:3.0f}%|{bar}| {postfix}"
        self._bar = tqdm(total=1.0, file=sys.stderr, disable=silent, leave=False, bar_format=form, dynamic_ncols=True)
        self._silent = silent

    def show(self, event: object) -> None:
        """One event of ``inference.events``."""
        from sitsr_core.inference.events import Message, Progress, Started

        if isinstance(event, Progress):
            self._bar.n = event.fraction
            self._bar.set_description_str(event.message, refresh=False)
            self._bar.set_postfix_str("" if event.eta_seconds is None else f"{_clock(event.eta_seconds)} left")
        elif isinstance(event, Message):
            self._write(f"warning: {event.text}" if event.level == "warning" else event.text)
        elif isinstance(event, Started):
            self._write(f"Model {event.model} on {event.device} in {event.precision}. {event.device_reason}")

    def _write(self, text: str) -> None:
        if not self._silent:
            self._bar.write(text, file=sys.stderr)

    def __enter__(self) -> "ProgressBar":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def finetune_command(options: argparse.Namespace) -> int:
    """``sitsr finetune``."""
    import dataclasses

    from sitsr_core.training.finetune import counted, told_gains
    from sitsr_core.training.finetune_job import FineTuneJob, run_finetune

    names = {field.name for field in dataclasses.fields(FineTuneJob)}
    job = FineTuneJob.from_dict({name: value for name, value in vars(options).items() if name in names})
    result = _watched(lambda tell, should_stop: run_finetune(job, tell, should_stop), options.quiet)
    if options.json:
        print(json.dumps({name: value for name, value in result.items() if name != "picture"}))
    elif not options.quiet:
        images, sites = counted(result["pairs"], "fine image"), counted(len(result["learned"]), "site")
        print(f"{result['model']}: from {images} of {sites} in {result['seconds']:.0f} s")
        for when, figures in result["metrics"].items():
            print(f"Held-out sites, {when}: {told_gains(figures)}")
    return DONE


def inspect_command(options: argparse.Namespace) -> int:
    """``sitsr inspect``."""
    job = job_from(options, output="not-written.tif")
    from sitsr_core.inspect import format_html, format_text, inspect_series

    report = _watched(
        lambda tell, should_stop: inspect_series(json.loads(job.to_json()), bool(options.html), tell, should_stop), not options.html
    )
    if options.html:
        from sitsr_core.whole_file import write_whole

        write_whole(Path(options.html), format_html(report))
    for row in report["dates"]:
        row.pop("quicklook", None)  # for the page alone
    print(json.dumps(report) if options.json else format_text(report))
    return DONE


def selftest_command(options: argparse.Namespace) -> int:
    """``sitsr selftest``."""
    from sitsr_core.selftest import format_text, run_selftest

    report = run_selftest(options.device)
    print(json.dumps(report) if options.json else format_text(report))
    return DONE if report["ok"] else EXPECTED


if __name__ == "__main__":
    main()
