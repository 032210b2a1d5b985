//! Letters that came back.

use uuid::Uuid;

/// What is written into the return path of a newsletter: whose it was, and which one.
pub(super) fn tag(subscriber: Uuid, newsletter: Uuid) -> String {
    let newsletter = newsletter.simple().to_string();
    format!("{}.{}", subscriber.simple(), &newsletter[..8])
}
