-- A review and the versions of its definition. A version never changes, so that what somebody was shown can be shown again.
create table review (
    id uuid not null primary key,
    slug text not null,
    version bigint not null,
    constraint review_slug unique (slug)
);

create table definition (
    review uuid not null,
    version bigint not null,
    body text not null,
    logo_digest text,
    logo_type text,
    applied_at bigint not null,
    primary key (review, version)
);

-- What a browser has opened. The secret itself is only in its cookie.
create table session (
    digest bytea not null primary key,
    receipt bytea,
    draft uuid,
    expires_at bigint not null
);
create index session_expiry on session (expires_at);

create table draft (
    review uuid not null,
    id uuid not null,
    session bytea not null,
    call text not null,
    content text not null,
    revision bigint not null,
    saved_at bigint not null,
    expires_at bigint not null,
    primary key (review, id),
    constraint draft_session unique (session, review, call)
);
create index draft_expiry on draft (expires_at);

create table contribution (
    review uuid not null,
    id uuid not null,
    reference text not null,
    call text not null,
    version bigint not null,
    channel text not null,
    release text not null,
    state text not null,
    late boolean not null,
    language text not null,
    content text not null,
    source text,
    receipt bytea,
    received_at bigint not null,
    published_at bigint,
    revision bigint not null,
    primary key (review, id),
    constraint contribution_reference unique (review, reference)
);
create unique index contribution_receipt on contribution (review, receipt) where receipt is not null;
create unique index contribution_source on contribution (review, call, source) where source is not null;
create index contribution_published on contribution (review, published_at, reference) where published_at is not null;

-- Everything that happened. The position is given afterwards, in batches, by the holder of a lease: see event.rs.
create table event (
    review uuid not null,
    id uuid not null,
    position bigint,
    kind text not null,
    body text not null,
    contribution uuid,
    at bigint not null,
    primary key (review, id)
);
create unique index event_position on event (review, position) where position is not null;
create index event_waiting on event (at, id) where position is null;
create index event_contribution on event (review, contribution) where contribution is not null;

-- How far each consumer of the events has read.
create table consumer (
    review uuid not null,
    name text not null,
    position bigint not null,
    primary key (review, name)
);

create table tally (
    review uuid not null,
    call text not null,
    received bigint not null,
    published bigint not null,
    withdrawn bigint not null,
    primary key (review, call)
);

create table job (
    id uuid not null primary key,
    kind text not null,
    body text not null,
    run_at bigint not null,
    attempts bigint not null,
    lease_until bigint not null,
    holder uuid,
    failure text
);
create index job_due on job (run_at);
