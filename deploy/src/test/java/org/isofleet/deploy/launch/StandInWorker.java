package org.isofleet.deploy.launch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A process in place of a worker: prints its arguments and what it found in its environment, then lives on, or not. */
public final class StandInWorker {
    private StandInWorker() {}

    public static void main(String[] arguments) {
        System.out.println("started " + List.of(arguments) + " secret of "
                + System.getenv(WorkerCommandLine.SECRET_VARIABLE).length() + " letters, OMP "
                + System.getenv("OMP_NUM_THREADS"));
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
        }
    }
}
