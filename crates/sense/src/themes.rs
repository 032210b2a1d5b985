//! What texts are about, without anybody saying it first.
