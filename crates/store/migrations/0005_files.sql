-- Files of drafts and contributions. A row stands before the bytes do, and goes after them, so that nothing is left behind:
-- what is not in the evidence that it belongs to has a moment from which its bytes are to be deleted.
create table file (
    review uuid not null,
    evidence uuid not null,
    id uuid not null,
    unwanted_at bigint,
    primary key (review, evidence, id)
);
create index file_unwanted on file (unwanted_at) where unwanted_at is not null;
