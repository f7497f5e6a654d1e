"""Reading a response's body within bounds: the cap counts decoded bytes, and decoding goes in small steps.

A bomb is noticed at the cap and not after it has filled the memory. A body that ends early is refused:
half a feed with the validators of the whole would never be asked for again.
"""

from collections.abc import AsyncIterator

from aggregator.fetch.codings import decoder
from aggregator.fetch.failures import FetchError

OVERHEAD_BYTES = 64 * 1024  # by which compressing may make a body larger; beyond it is padding without end


async def read_body(chunks: AsyncIterator[bytes], encoding: str, max_bytes: int) -> bytes:
    """The decoded body; FetchError when it is larger than `max_bytes`, cut short or not decodable."""
    coding = decoder(encoding)
    body, received = bytearray(), 0
    async for chunk in chunks:
        received += len(chunk)
        for piece in coding.decode(chunk, max_bytes - len(body) + 1):
            body += piece
        if len(body) > max_bytes or received > max_bytes + OVERHEAD_BYTES:
            raise FetchError(f"larger than {max_bytes:,} bytes (poll.max_bytes)")
    coding.finish()
    return bytes(body)
