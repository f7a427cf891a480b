package org.isofleet.worker.engine;

import org.isofleet.protocol.study.ModelShape;

/** Makes engines; parameters are zero until they are initialised or loaded. */
@FunctionalInterface
public interface EngineFactory {
    /**
     * @param shape of the model
     * @param lanes shards that will be computed at the same time
     * @param shardImages images of a shard, the largest batch given to {@link PixelEngine#gradient}
     */
    PixelEngine create(ModelShape shape, int lanes, int shardImages);
}
