//! `pullpush demo`: the main job on one machine, told as a story; it ends well only if both ends agree.

mod burst;
mod story;

use std::{sync::Arc, time::Instant};

use pullpush::{Error, World};

use crate::say::say;

/// The story, or with `burst` the bill of that many webhooks at once.
pub(crate) async fn run(burst: Option<u32>) -> Result<(), Error> {
    let began = Instant::now();
    match burst {
        Some(count) => Box::pin(burst::run(count)).await?,
        None => {
            let world = Box::pin(World::start(Arc::new(runtime::SystemChance))).await?;
            Box::pin(story::tell(&world)).await?;
        }
    }
    say!("\nDone in {:.1} s.", began.elapsed().as_secs_f64());
    Ok(())
}
