package org.isofleet.worker.exchange;

/** The connection to a member broke or could not be made; the group cannot go on. */
public final class PeerLostException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String workerId;

    public PeerLostException(String workerId, String reason) {
        super(reason);
        this.workerId = workerId;
    }

    /** Who was lost. */
    public String workerId() {
        return workerId;
    }
}
