"""Evaluation results as Markdown, CSV and the one line of JSON that scripts read."""

import csv
import io

COLUMNS = ("psnr", "cpsnr", "ssim", "sam", "ergas", "consistency", "spectrum_ratio", "coverage_2std")
LABELS = {"bicubic": "bicubic", "median_bicubic": "median + bicubic", "shuffled_shifts": "up to 8 dates, shifts shuffled"}


def label(method: str) -> str:
    """What a row is called in a table."""
    return LABELS.get(method) or ("1 date" if method == "1" else f"{method} dates")


def markdown(name: str, result: dict) -> str:
    """One set's table: mean and standard deviation over scenes."""
    lines = [
        f"**{name}**, {len(result['scenes'])} scenes",
        "",
        "| method | " + " | ".join(COLUMNS) + " |",
        "|---" * (len(COLUMNS) + 1) + "|",
    ]
    for method, row in result["mean"].items():
        cells = [f"{row[c]:.4g} ± {result['std'][method][c]:.2g}" if c in row else "" for c in COLUMNS]
        lines.append(f"| {label(method)} | " + " | ".join(cells) + " |")
    gains = gains_of_dates(result)
    if gains:
        lines += [
            "",
            f"All dates against one, by scene: mean {sum(gains) / len(gains):+.2f} dB, worst {min(gains):+.2f}, best {max(gains):+.2f}.",
        ]
    over = [rows["1"]["psnr"] - rows["bicubic"]["psnr"] for rows in result["scenes"].values()]
    lines += [
        f"One date against bicubic, by scene: mean {sum(over) / len(over):+.2f} dB, worst {min(over):+.2f}, best {max(over):+.2f}.",
        "",
    ]
    return "\n".join(lines)


def gains_of_dates(result: dict) -> list[float]:
    """dB that each scene gains by all its dates over one."""
    most = max((int(m) for m in result["mean"] if m.isdigit()), default=1)
    return [rows[str(most)]["psnr"] - rows["1"]["psnr"] for rows in result["scenes"].values() if most > 1 and str(most) in rows]


def to_csv(results: dict[str, dict]) -> str:
    """Every scene of every set, one row a method."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["set", "scene", "method", *COLUMNS])
    for name, result in results.items():
        for scene, rows in result["scenes"].items():
            for method, row in rows.items():
                writer.writerow([name, scene, method, *(f"{row[c]:.6g}" if c in row else "" for c in COLUMNS)])
    return text.getvalue()


def summary(results: dict[str, dict], model: str) -> dict:
    """{set: {method: {"psnr": {number of dates: ..}, "ssim": ..}}}; figures other than PSNR are those of the most dates."""
    out: dict[str, dict] = {}
    for name, result in results.items():
        mean = result["mean"]
        numbers = [m for m in mean if m.isdigit()]
        last = mean[max(numbers, key=int)]
        rest = ("ssim", "sam", "consistency", "spectrum_ratio", "coverage_2std")
        out[name] = {model: {"psnr": {n: round(mean[n]["psnr"], 3) for n in numbers}} | {c: round(last[c], 5) for c in rest}}
        for method in ("bicubic", "median_bicubic"):
            figures = {c: round(mean[method][c], 5) for c in rest if c in mean[method]}
            out[name][method] = {"psnr": {"1": round(mean[method]["psnr"], 3)}} | figures
    return out
