package dev.neurontp.worker.comm;

/**
 * A comm_id and the service behind it: its creator serves the rendezvous of the ranks and must live until all have joined.
 * One id serves one group.
 */
public interface Rendezvous extends AutoCloseable {
    /** 128 bytes as 256 lower-case hex digits. */
    String commId();

    /** Ends the service; ranks that have not joined yet fail. Idempotent, never blocks. */
    @Override
    void close();
}
