package org.isofleet.coordinator.gateway;

import java.util.List;
import org.isofleet.protocol.study.RunId;
import org.jspecify.annotations.Nullable;

/**
 * How fast a worker computes shards of the run that it trains, and whether it straggles.
 *
 * <p>All shards of a run are of one shape and a shard is computed by one thread, so the time for one can be compared between all workers of a
 * kernel class, whatever their threads and the shards they hold, and with the worker's own earlier steps. The straggler score is the
 * worker's usual time over the least that is known: of its own best while it trained this run, and of what its peers in the run take
 * now. 1: nobody is known to do better; 2: it takes twice as long.
 *
 * @param runId the run
 * @param beats heartbeats that told of it
 * @param usualSeconds time for a shard, smoothed over some ten heartbeats, that is five seconds
 * @param bestSeconds the least usual time so far
 */
record ShardPace(RunId runId, int beats, double usualSeconds, double bestSeconds) {
    private static final int REMEMBERED = 10;

    /** The pace after a heartbeat; null when it tells that the worker trains nothing. */
    static @Nullable ShardPace after(@Nullable ShardPace before, @Nullable RunId runId, double shardSeconds) {
        if (runId == null || !(shardSeconds > 0)) {
            return null;
        }
        if (before == null || !before.runId.equals(runId)) {
            return new ShardPace(runId, 1, shardSeconds, Double.POSITIVE_INFINITY);
        }
        int beats = Math.min(before.beats + 1, REMEMBERED);
        double usual = before.usualSeconds + (shardSeconds - before.usualSeconds) / beats;
        double best = beats < REMEMBERED ? Double.POSITIVE_INFINITY : Math.min(before.bestSeconds, usual);
        return new ShardPace(runId, beats, usual, best);
    }

    /** Whether the smoothed time says something. */
    private boolean isKnown() {
        return beats >= REMEMBERED;
    }

    /**
     * The straggler score.
     *
     * @param peers of the same kernel class, whatever they train
     * @return at least 1; 0 while the worker has not trained this run for long enough
     */
    double score(List<ShardPace> peers) {
        if (!isKnown()) {
            return 0;
        }
        double least = peers.stream()
                .filter(peer -> peer.isKnown() && peer.runId.equals(runId))
                .mapToDouble(ShardPace::usualSeconds)
                .reduce(bestSeconds, Math::min);
        return Math.max(1, usualSeconds / least);
    }
}
