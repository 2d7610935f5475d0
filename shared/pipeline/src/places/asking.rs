//! One step towards a place: what is read or written, and how long to rest before the next.

use canonical::{Millis, TenantId};
use fault::Simple;
use store::SeatRow;

use super::{Known, seats::{BEGIN_MS, asked, expires_s, is_wanted, seated, wanted}};
use crate::{App, known::simple, pace::chance};

/// Between two looks of who waits, and up to twice that.
pub(super) const LOOK_MS: Millis = 100;
/// Who makes room leaves this much time for it to be taken.
const ROOM_MS: Millis = 300;
/// So often a write is tried again because somebody else wrote.
pub(super) const TRIES: u32 = 8;

/// What became of a write.
#[derive(PartialEq, Eq)]
pub(super) enum Written {
    Yes,
    /// Somebody else wrote; what is there now is known.
    Other,
    Unreachable,
}

/// A row and who asks.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) app: &'a App,
    pub(super) tenant: &'a TenantId,
    pub(super) name: &'a str,
    pub(super) me: &'a str,
    pub(super) limit: u32,
}

impl Row<'_> {
    pub(super) async fn write(self, known: &mut Known, next: SeatRow) -> Written {
        match self.app.store.of(self.tenant).take_seats(self.name, &known.row, next, expires_s(self.app.now())).await {
            Ok(Ok(row)) => {
                known.row = row;
                Written::Yes
            }
            Ok(Err(there)) => {
                known.row = there;
                Written::Other
            }
            Err(error) => self.unreachable(&simple(&error)),
        }
    }

    async fn read(self, known: &mut Known) -> Written {
        match self.app.store.of(self.tenant).seats(self.name).await {
            Ok(row) => {
                known.row = row;
                Written::Yes
            }
            Err(error) => self.unreachable(&simple(&error)),
        }
    }

    fn unreachable(self, fault: &Simple) -> Written {
        tracing::warn!(step = "place", code = fault.code, tenant = self.tenant.as_str(), "places could not be shared");
        Written::Unreachable
    }
}

/// One who asks for a place.
pub(super) struct Asking {
    pub(super) until: Millis,
    /// Once is enough: who waits comes within that time, or is gone.
    made_room: bool,
    /// Whether the row was read since the last rest.
    fresh: bool,
    refused: u32,
}

impl Asking {
    /// One who waits no longer than this.
    pub(super) fn until(until: Millis) -> Self {
        Self { until, made_room: false, fresh: false, refused: 0 }
    }

    /// One step towards a place: how long to rest before the next; `None` where it may be there already.
    pub(super) async fn step(&mut self, row: Row<'_>, known: &mut Known, wish: u32, flying: u32, now: Millis) -> Option<Millis> {
        let look_ms = LOOK_MS + ((LOOK_MS * Millis::from(chance(row.app))) >> 32);
        let room = !self.made_room && known.many > 0 && is_wanted(&known.row, row.me, now);
        let (next, many) = seated(&known.row, row.me, if room { 0 } else { wish }, flying, row.limit, now);
        let done = if room || many > flying {
            row.write(known, next).await
        } else if !self.fresh {
            self.fresh = true;
            row.read(known).await
        } else {
            self.fresh = false;
            if !asked(&known.row, now) {
                let wanted = wanted(&known.row, row.me, now);
                row.write(known, wanted).await;
            }
            return Some(look_ms);
        };
        match done {
            Written::Yes if room => {
                (self.made_room, known.many) = (true, many);
                Some(ROOM_MS)
            }
            // From when it was answered: a table may take longer than what it gives is good for.
            Written::Yes if many > flying => {
                (known.many, known.begin_until) = (many, row.app.now() + BEGIN_MS);
                None
            }
            Written::Yes => Some(0),
            Written::Other => {
                self.refused += 1;
                Some(if self.refused.is_multiple_of(TRIES) { look_ms } else { 0 })
            }
            // By what is known here: a number is a courtesy, and reading does not wait for a table.
            Written::Unreachable => {
                (known.many, known.begin_until) = (row.limit, row.app.now() + BEGIN_MS);
                None
            }
        }
    }
}
