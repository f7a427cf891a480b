package org.isofleet.deploy.search;

import org.isofleet.protocol.group.RunReport;
import org.isofleet.protocol.group.WorkerCommand;

/** What the network carries between the run and a worker process. */
sealed interface Message {
    record ToWorker(int worker, long incarnation, WorkerCommand command) implements Message {}

    record ToRun(int worker, long incarnation, RunReport report) implements Message {}
}
