package org.isofleet.worker.pack;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.isofleet.worker.data.ImageSet.Split;
import org.isofleet.worker.data.PixelReduction;
import org.jspecify.annotations.Nullable;

/**
 * Decodes and resizes images on several threads and gives them back in the order in which they came. What waits is bounded in number and
 * in bytes, so that memory does not grow with the source.
 */
final class Decoding implements AutoCloseable {
    private static final int WAITING_PER_THREAD = 8;
    private static final long WAITING_BYTES = 1L << 28;

    private final PackingOptions options;
    private final SplitRule splits;
    private final ExecutorService threads;
    private final ArrayDeque<Future<Outcome>> waiting = new ArrayDeque<>();
    private final ArrayDeque<Long> waitingBytes = new ArrayDeque<>();
    private long bytes;

    Decoding(PackingOptions options, SplitRule splits) {
        this.options = options;
        this.splits = splits;
        this.threads = Executors.newFixedThreadPool(options.threads(), task -> {
            Thread thread = new Thread(task, "isofleet-decode");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * What became of an image.
     *
     * @param pixels at all resolutions, null when it is damaged
     * @param damage why it is rejected, null when it is not
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Outcome(
            String name,
            Split split,
            int label,
            byte @Nullable [] pixels,
            boolean enlarged,
            @Nullable String damage) {}

    boolean isIdle() {
        return waiting.isEmpty();
    }

    /** Whether an image must be taken before another can be given. */
    boolean isFull(Sample next) {
        return waiting.size() >= WAITING_PER_THREAD * options.threads()
                || (!waiting.isEmpty() && bytes + held(next) > WAITING_BYTES);
    }

    /** What an image and what is made of it keep in memory. */
    private long held(Sample sample) {
        return sample.bytes() + options.imageBytes();
    }

    void give(Sample sample) {
        waiting.add(threads.submit(() -> convert(sample)));
        waitingBytes.add(held(sample));
        bytes += held(sample);
    }

    /** The outcome of the image that was given first of those that were not taken yet. */
    Outcome take() throws IOException {
        try {
            Outcome outcome = waiting.remove().get();
            bytes -= waitingBytes.remove();
            return outcome;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("packing was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            } else if (e.getCause() instanceof UncheckedIOException io) {
                throw new IOException(io.getMessage(), io);
            } else if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Outcome convert(Sample sample) throws IOException {
        Split split = splits.of(sample);
        try {
            Picture picture = sample.content().decode();
            byte[] pixels = new byte[options.imageBytes()];
            boolean enlarged = false;
            int at = 0;
            for (int side : options.resolutions()) {
                resize(picture, side, pixels, at);
                at += options.channels() * side * side;
                enlarged |= picture.shortSide() < side;
            }
            return new Outcome(sample.name(), split, sample.label(), pixels, enlarged, null);
        } catch (DamagedImageException e) {
            return new Outcome(sample.name(), split, sample.label(), null, false, e.getMessage());
        }
    }

    private void resize(Picture picture, int side, byte[] target, int offset) {
        if (options.channels() == Picture.CHANNELS) {
            AreaResize.apply(picture, side, target, offset);
        } else {
            byte[] rgb = new byte[Picture.CHANNELS * side * side];
            AreaResize.apply(picture, side, rgb, 0);
            new PixelReduction(side * side, Picture.CHANNELS, 1, 256).apply(rgb, 0, target, offset);
        }
    }

    /** Ends the threads, whatever they are at. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
