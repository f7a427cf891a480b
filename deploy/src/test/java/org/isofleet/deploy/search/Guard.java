package org.isofleet.deploy.search;

/** What keeps a run right; each is taken away in turn. */
enum Guard {
    /** A worker ignores commands of a generation that it does not serve. */
    MEMBER_GENERATION,
    /** A worker enters no group of another incarnation of itself. */
    MEMBER_INCARNATION,
    /** A run ignores reports of another generation about its group. */
    REPORT_GENERATION,
    /** A run acts on placement's last word only. */
    LAST_STAFFING,
    /** Who is asked back enters no further generation. */
    ASKED_BACK,
    /** Nothing is sent before what it rests on is persisted. */
    PERSISTED_FIRST,
    /** A checkpoint at or before the committed step commits nothing. */
    COMMIT_GROWS,
    /** Training ends once. */
    COMPLETED_ONCE,
    /** A generation starts at the highest step that a member holds. */
    HIGHEST_STEP,
    /** Who copies a state verifies its hash. */
    HASH_AFTER_COPY,
    /** Bulk connections belong to one generation. */
    BULK_GENERATION,
    /** Who follows a group verifies the hash of what it copies, and after each step. */
    FOLLOWED_HASH,
    /** Who follows a group contributes nothing to its sums. */
    FOLLOWER_SHARES,
    /** Who joins a group that trains has followed it, unless it cannot. */
    CAUGHT_UP,
    /** A checkpoint that does not match its digest is not read. */
    CHECKPOINT_DIGEST,
    /** A copy is written as the checkpoint of its own step only. */
    COPY_STEP,
    /** Only a member of the current generation collects old checkpoints. */
    COLLECTOR_GENERATION,
    /** A checkpoint is told of only when the members have agreed on the state that it is of. */
    AGREED_FIRST,
    /** A copy whose hash is not the state's is not written. */
    COPY_HASH,
    /** A step that is audited is not used when its parts, computed again by others, have other bits. */
    AUDIT,
    /** After members came to different bits, nobody's memory counts. */
    NO_MEMORY_IN_DOUBT,
    /** A doubt of an older generation counts, and takes back what came of it. */
    OLDER_DOUBT,
    /** So does one that is heard when training has ended. */
    END_IN_DOUBT,
    /** That members came to different bits is no failure of the run. */
    NO_FAILURE
}
