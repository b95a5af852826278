"""Where ``resources/sounds`` come from: short sine notes. ``python -m tests.ui.tones`` writes them anew."""

import io
import math
import wave
from collections.abc import Mapping
from types import MappingProxyType

from myna_app.resources import resources_folder
from myna_app.ui.native import Sound

RATE = 22_050
VOLUME = 0.35
FADE = 0.012
"""Seconds at both ends of a note, so that it does not click."""

NOTES: Mapping[Sound, tuple[tuple[float, float], ...]] = MappingProxyType(
    {
        Sound.VALID: ((659.3, 0.14), (880.0, 0.22)),
        Sound.INVALID: ((587.3, 0.14), (392.0, 0.24)),
        Sound.RENEWED: ((587.3, 0.14), (0.0, 0.06), (587.3, 0.14)),
        Sound.UNCLEAR: ((330.0, 0.3),),
        Sound.PROBLEM: ((262.0, 0.15), (0.0, 0.05), (262.0, 0.18)),
        Sound.CARD: ((1046.5, 0.05),),
        Sound.REMINDER: ((784.0, 0.08), (659.3, 0.08), (784.0, 0.08), (659.3, 0.14)),
    }
)
"""Frequency in Hz (0: silence) and seconds of each note."""


def samples(frequency: float, seconds: float) -> bytes:
    count = int(RATE * seconds)
    fade = int(RATE * FADE)
    frames = bytearray()
    for n in range(count):
        envelope = min(1.0, n / fade, (count - n) / fade)
        value = round(32767 * VOLUME * envelope * math.sin(2 * math.pi * frequency * n / RATE))
        frames += value.to_bytes(2, "little", signed=True)
    return bytes(frames)


def wav(sound: Sound) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(b"".join(samples(frequency, seconds) for frequency, seconds in NOTES[sound]))
    return file.getvalue()


if __name__ == "__main__":
    for one in Sound:
        (resources_folder() / "sounds" / f"{one}.wav").write_bytes(wav(one))
