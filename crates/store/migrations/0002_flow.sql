-- What a session has opened: drafts and contributions, each under the id that it keeps when it is sent. The receipt code is
-- sealed with the secret that only the browser holds; the draft and the contribution know its digest.
create table holding (
    session bytea not null,
    review uuid not null,
    evidence uuid not null,
    sealed bytea,
    held_at bigint not null,
    primary key (session, review, evidence)
);
create index holding_evidence on holding (review, evidence);

insert into holding (session, review, evidence, held_at) select session, review, id, saved_at from draft;
insert into holding (session, review, evidence, held_at)
    select session.digest, contribution.review, contribution.id, contribution.received_at
    from session join contribution on contribution.receipt = session.receipt;

create table draft_coded (
    review uuid not null,
    id uuid not null,
    call text not null,
    code bytea,
    content text not null,
    revision bigint not null,
    saved_at bigint not null,
    expires_at bigint not null,
    primary key (review, id)
);
insert into draft_coded (review, id, call, content, revision, saved_at, expires_at)
    select review, id, call, content, revision, saved_at, expires_at from draft;
drop table draft;
alter table draft_coded rename to draft;
create index draft_expiry on draft (expires_at);
create unique index draft_code on draft (review, code) where code is not null;

alter table session drop column receipt;
alter table session drop column draft;

-- What people said about themselves, apart from their evidence: for counting only.
create table about_you (
    review uuid not null,
    contribution uuid not null,
    answers text not null,
    primary key (review, contribution)
);
