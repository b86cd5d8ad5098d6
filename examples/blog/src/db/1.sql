-- What is published. The text is the last good one, so a post outlives a broken file.
CREATE TABLE blog_posts (
    slug      TEXT PRIMARY KEY,   -- last part of its address, and never another post's: servers keep graves
    file      TEXT NOT NULL,      -- the file's name without .md
    source    TEXT NOT NULL,      -- empty once deleted
    published INTEGER NOT NULL,   -- all times: seconds since 1970
    updated   INTEGER,
    deleted   INTEGER
) STRICT;
CREATE UNIQUE INDEX blog_posts_file ON blog_posts (file) WHERE deleted IS NULL;

-- Answers to posts and to answers, other people's and the author's.
CREATE TABLE blog_replies (
    id          TEXT PRIMARY KEY,
    post        TEXT NOT NULL REFERENCES blog_posts (slug),
    in_reply_to TEXT NOT NULL,
    actor       TEXT NOT NULL,
    name        TEXT NOT NULL,
    handle      TEXT NOT NULL,
    profile     TEXT NOT NULL,
    content     TEXT NOT NULL,    -- as it came, not sanitised; empty once deleted
    url         TEXT NOT NULL,
    published   INTEGER NOT NULL,
    updated     INTEGER,
    deleted     INTEGER,          -- kept as a grave, so a late copy does not bring it back
    hidden      INTEGER NOT NULL DEFAULT 0,
    ours        INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX blog_replies_post ON blog_replies (post, published);
CREATE INDEX blog_replies_actor ON blog_replies (actor);
CREATE INDEX blog_replies_published ON blog_replies (published);

-- Likes and boosts: one of each kind per person and post.
CREATE TABLE blog_reactions (
    kind     TEXT NOT NULL CHECK (kind IN ('like', 'boost')),
    post     TEXT NOT NULL REFERENCES blog_posts (slug),
    actor    TEXT NOT NULL,
    activity TEXT NOT NULL,
    name     TEXT NOT NULL,
    handle   TEXT NOT NULL,
    profile  TEXT NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (post, kind, actor)
) STRICT;
CREATE INDEX blog_reactions_activity ON blog_reactions (activity);
CREATE INDEX blog_reactions_actor ON blog_reactions (actor);

-- Servers the author wants nothing to do with. An uploaded list is kept whole, in blog_meta.
CREATE TABLE blog_blocks (
    host   TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    since  INTEGER NOT NULL
) STRICT;

-- People whose servers are blocked or silenced, worked out from the above: nothing of theirs is shown or counted.
CREATE TABLE blog_silenced (
    actor TEXT PRIMARY KEY
) STRICT;

CREATE TABLE blog_sessions (
    token   BLOB PRIMARY KEY,     -- SHA-256 of the cookie
    form    TEXT NOT NULL,        -- what every form of this session carries
    expires INTEGER NOT NULL
) STRICT;

-- Those the blog follows, and what they wrote.
CREATE TABLE blog_following (
    actor    TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    handle   TEXT NOT NULL,
    profile  TEXT NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('pending', 'accepted', 'rejected')),
    since    INTEGER NOT NULL
) STRICT;
CREATE TABLE blog_received (
    id        TEXT PRIMARY KEY,
    actor     TEXT NOT NULL,
    name      TEXT NOT NULL,
    handle    TEXT NOT NULL,
    profile   TEXT NOT NULL,
    content   TEXT NOT NULL,      -- as it came, not sanitised
    url       TEXT NOT NULL,
    published INTEGER NOT NULL
) STRICT;
CREATE INDEX blog_received_actor ON blog_received (actor);
CREATE INDEX blog_received_published ON blog_received (published);
