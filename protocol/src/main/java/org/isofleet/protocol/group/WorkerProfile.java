package org.isofleet.protocol.group;

import java.util.List;

/**
 * What a worker is, told at registration.
 *
 * @param member its identity and bulk address
 * @param host machine it runs on
 * @param processId of its process on that machine
 * @param device what it computes on, for people
 * @param threads compute threads
 * @param memoryBytes memory that a run may use
 * @param kernelClasses what it can compute with
 */
public record WorkerProfile(
        Member member,
        String host,
        long processId,
        String device,
        int threads,
        long memoryBytes,
        List<KernelClass> kernelClasses) {
    public WorkerProfile {
        kernelClasses = List.copyOf(kernelClasses);
    }

    public String workerId() {
        return member.workerId();
    }
}
