"""`make bench`: what our work costs as a multiple of the signatures in it, beside a peer."""

from collections.abc import Callable, Mapping

from bench import sd_jwt_work
from bench.stopwatch import medians


def main() -> None:
    """Measure everything side by side and print one line for each piece of work."""
    show("SD-JWT VC, 8 debts, 22 disclosures", sd_jwt_work.pieces(), sd_jwt_work.UNITS)


def show(title: str, work: Mapping[str, Callable[[], object]], units: Mapping[str, str]) -> None:
    """Print the medians of `work`, each as a multiple of the raw operation that it contains."""
    measured = medians(work)
    print(title)
    for name, nanoseconds in measured.items():
        unit = units.get(name)
        ratio = f"{nanoseconds / measured[unit]:7.1f} x {unit}" if unit else ""
        print(f"  {name:<42} {nanoseconds / 1000:9.1f} µs {ratio}")


if __name__ == "__main__":
    main()
