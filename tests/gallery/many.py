"""A gallery of any size in two statements: years of orders, one picture each, in five shapes; one object for all."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from imgpilot.storage import Folder

#: One picture every five hours: 10,000 of them are five years and eight months.
STEP = "5 hours"
_ORDERS = """
INSERT INTO generation (id, account_id, prompt, model, ratio, width, height, credits_each, size, negative, via,
  created_at)
SELECT gen_random_uuid(), :account,
  (ARRAY['Ridges at first light, low mist', 'Two pears and a plum on a white plate', '一片墨绿色的海，短促的笔触',
         'Spruce trunks in morning fog', 'Northern lights over a still lake'])[1 + n % 5]
    || CASE WHEN n % 400 = 7 THEN ' with a lighthouse' ELSE '' END || ' ' || n,
  (ARRAY['sandbox-painter', 'sandbox-draft'])[1 + (n % 10 = 0)::int],
  (ARRAY['3:2', '2:3', '1:1', '16:9', '9:16'])[1 + n % 5],
  (ARRAY[1536, 1024, 1024, 1536, 864])[1 + n % 5], (ARRAY[1024, 1536, 1024, 864, 1536])[1 + n % 5],
  6, '', '', 'studio', CAST(:newest AS timestamptz) - n * CAST(:step AS interval)
FROM generate_series(0, :count - 1) AS n
"""
_IMAGES = """
INSERT INTO image (id, generation_id, position, state, attempts, polls, object_key, thumbnail_key, media_type, width,
  height, bytes, sha256, started_at, finished_at, favourite_at, removed_at)
SELECT gen_random_uuid(), g.id, 0, 'finished', 1, 0, g.account_id || '/images/' || g.id || '.png',
  g.account_id || '/thumbnails/' || g.id || '.webp', 'image/png', g.width, g.height, 4, repeat('a', 64), g.created_at,
  g.created_at, CASE WHEN right(g.prompt, 4) IN (' 913', '1013', '5013', '8013') THEN g.created_at END,
  CASE WHEN right(g.prompt, 3) = '999' THEN CAST(:newest AS timestamptz) - interval '1 day' END
FROM generation g WHERE g.account_id = :account AND NOT EXISTS (SELECT FROM image i WHERE i.generation_id = g.id)
"""


def fill(session: Session, account_id: UUID, count: int, newest: datetime) -> None:
    """So many finished pictures, the newest from that moment; a few are favourites, 0.1 % lie among the removed."""
    given = {"account": account_id, "count": count, "newest": newest, "step": STEP}
    session.execute(text(_ORDERS), given)
    session.execute(text(_IMAGES), given)
    session.commit()
    session.execute(text("ANALYZE generation, image, collection, collection_image"))
    session.commit()


class Same(Folder):
    """A store in which every picture is the same one, and every thumbnail the same WebP."""

    picture = b"\x89PNG"
    thumbnail = b"RIFF"

    def open(self, key: str) -> Iterator[bytes]:
        return iter([self.thumbnail if key.endswith(".webp") else self.picture])

    def remove(self, keys: Iterable[str]) -> None:
        """Nothing lies there."""
        list(keys)
