package org.isofleet.deploy.cli;

import org.isofleet.worker.engine.FlatVector;

/** A worker that nobody calls and that, at its end, takes memory as a run would. Exits with 0 when the first vector was granted and the last refused. */
public final class GreedyWorker {
    private static final long MEBIBYTE_OF_FLOATS = 1 << 18;

    private GreedyWorker() {}

    public static void main(String[] arguments) {
        if (Isofleet.run(arguments) != 0) {
            System.exit(3);
        }
        FlatVector granted = FlatVector.zeros(512 * MEBIBYTE_OF_FLOATS);
        System.out.println("granted " + granted.length());
        FlatVector more = FlatVector.zeros(512 * MEBIBYTE_OF_FLOATS);
        try {
            FlatVector tooMuch = FlatVector.zeros(1);
            System.out.println("granted " + (more.length() + tooMuch.length()) + " more");
            System.exit(4);
        } catch (OutOfMemoryError e) {
            System.out.println("refused: " + e.getMessage());
        }
        System.exit(0);
    }
}
