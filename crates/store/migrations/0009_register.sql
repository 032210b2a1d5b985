-- The register: what an event enters into it (64 bytes; its day, place and reference are given when its batch is sequenced),
-- and the place that it got there. The salt opens the commitment of a contribution that no receipt code opens.
alter table event add column entry bytea;
alter table event add column place bigint;
alter table event add column salt bytea;
create unique index event_place on event (place) where place is not null;
create index event_unplaced on event (at, id) where entry is not null and place is null;

-- Leaves that no event carries: what becomes at the close of whatever nothing was said of before, and leaves that stood in the
-- register already when an older copy of this database was restored. A disposition names the place of its contribution.
create table other_leaf (
    place bigint not null primary key,
    review uuid not null,
    disposed bigint,
    entry bytea not null
);
create index other_leaf_disposed on other_leaf (disposed) where disposed is not null;

-- What was stated in public, by SHA-256 of the text.
create table statement (
    review uuid not null,
    digest bytea not null,
    body text not null,
    primary key (review, digest)
);

-- The keys that sign for the register. The seed is sealed with the secret of the installation, which is not in here.
create table register_key (
    public bytea not null primary key,
    name text not null,
    sealed bytea not null,
    made_at bigint not null
);

alter table review add column closed_at bigint;
