-- Mail that is to be sent. Its row, and the address in it, goes when it was sent or given up.
create table mail (
    review uuid not null,
    newsletter uuid not null,
    id uuid not null,
    kind text not null,
    recipient text not null,
    language text not null,
    body text,
    state text not null,
    attempts bigint not null,
    run_at bigint not null,
    created_at bigint not null,
    primary key (review, newsletter, id)
);
create index mail_due on mail (state, run_at);

-- Who asked for the newsletter of a review. Unconfirmed ones go after a week, confirmed ones when they unsubscribe.
create table subscriber (
    review uuid not null,
    id uuid not null,
    address text not null,
    address_key text not null,
    language text not null,
    token bytea not null,
    asked_at bigint not null,
    asked bigint not null,
    confirmed_at bigint,
    primary key (review, id),
    constraint subscriber_address unique (review, address_key)
);
create unique index subscriber_token on subscriber (review, token);

-- A letter to all subscribers: how far it has come, and the sums of what became of it.
create table newsletter (
    review uuid not null,
    id uuid not null,
    body text not null,
    state text not null,
    reached uuid not null,
    recipients bigint not null,
    sent bigint not null,
    failed bigint not null,
    created_at bigint not null,
    finished_at bigint,
    primary key (review, id)
);

-- Which letters came back from which subscriber for good.
create table bounce (
    review uuid not null,
    subscriber uuid not null,
    newsletter text not null,
    primary key (review, subscriber, newsletter)
);
