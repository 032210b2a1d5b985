//! Stories: the binary itself, on both engines, used as people use it.

#[macro_use]
mod told;

mod after;
mod anid;
mod crash;
mod disk;
mod erasure;
mod evidence;
mod faults;
mod files;
mod flow;
mod hostile;
mod import;
mod kinds;
mod languages;
mod nodes;
mod operation;
mod preview;
mod reading;
mod register;
mod restored;
mod review;
mod spam;
mod support;
mod telling;
mod verify;
mod witness;
