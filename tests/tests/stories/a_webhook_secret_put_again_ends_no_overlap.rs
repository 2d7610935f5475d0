//! The secret of a webhook is replaced while the shop still signs with the one of before: both hold, also when the request
//! that put the new one is sent again, and when two are put at the same instant.

use pullpush::World;

use crate::tell::{stock_webhook, world};

async fn holds(world: &World, secret: &str) -> bool {
    world.webhook(&stock_webhook(world, "A", 1).signed_with(secret)).await.status == 200
}

#[tokio::test]
async fn the_same_secret_put_again_changes_nothing() {
    let world = world().await;
    for _ in 0..3 {
        world.secret("shop", "webhook_secret", "new").await.unwrap();
        assert!(holds(&world, "new").await && holds(&world, "shop-secret").await);
    }
    // Taken back: both still hold, whichever is put again.
    for again in ["shop-secret", "new", "shop-secret"] {
        world.secret("shop", "webhook_secret", again).await.unwrap();
        assert!(holds(&world, "new").await && holds(&world, "shop-secret").await, "{again}");
    }
    world.secret("shop", "webhook_secret", "newest").await.unwrap();
    assert!(holds(&world, "newest").await && holds(&world, "shop-secret").await && !holds(&world, "new").await, "two at most");
}

#[tokio::test]
async fn two_secrets_put_at_once_both_hold() {
    let world = world().await;
    for round in 0..10 {
        let (left, right) = (format!("left-{round}"), format!("right-{round}"));
        let (one, other) = tokio::join!(world.secret("shop", "webhook_secret", &left), world.secret("shop", "webhook_secret", &right));
        one.unwrap();
        other.unwrap();
        assert!(holds(&world, &left).await && holds(&world, &right).await, "round {round}: one was lost");
    }
}
