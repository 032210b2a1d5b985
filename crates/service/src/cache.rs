//! What was read a moment ago, so that a crowd that reads the same pages asks the database once a second.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::{FRESH, Result};

/// Values by key, each with the moment at which it was read.
pub(crate) struct Cache<K, V>(Mutex<HashMap<K, (Instant, Arc<V>)>>);

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq + Clone, V> Cache<K, V> {
    /// The value, read anew if it is not fresh. What cannot be read is not remembered.
    pub(crate) async fn get(&self, key: &K, read: impl Future<Output = Result<V>>) -> Result<Arc<V>> {
        if let Some((at, value)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key)
            && at.elapsed() < FRESH
        {
            return Ok(Arc::clone(value));
        }
        let value = Arc::new(read.await?);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), (Instant::now(), Arc::clone(&value)));
        Ok(value)
    }

    /// Forgets everything, after a change made here.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
