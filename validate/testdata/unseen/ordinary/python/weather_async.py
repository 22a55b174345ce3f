import asyncio
import dataclasses
import enum
import logging
import random

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
log = logging.getLogger(__name__)


class Sky(enum.Enum):
    CLEAR = "clear"
    CLOUDY = "cloudy"
    RAIN = "rain"


@dataclasses.dataclass(frozen=True)
class Reading:
    station: str
    celsius: float
    sky: Sky

    @property
    def fahrenheit(self) -> float:
        return self.celsius * 9 / 5 + 32


async def read_station(name: str) -> Reading:
    await asyncio.sleep(random.uniform(0.01, 0.05))
    return Reading(name, random.gauss(15, 8), random.choice(list(Sky)))


async def main() -> None:
    stations = ["north", "south", "harbour", "airport"]
    readings = await asyncio.gather(*(read_station(s) for s in stations))
    for r in sorted(readings, key=lambda r: r.celsius):
        log.info("%-8s %5.1f C %5.1f F %s", r.station, r.celsius, r.fahrenheit, r.sky.value)
    warmest = max(readings, key=lambda r: r.celsius)
    print("warmest:", warmest.station)


if __name__ == "__main__":
    asyncio.run(main())
