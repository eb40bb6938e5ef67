package dev.neurontp.harness.agent.record;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Takes the records out of the bytes of a stderr that agent and worker share. A record may begin anywhere, also in a line of the worker,
 * which goes on behind it. What looks like a record and is none, and what is not taken, stays text. One thread.
 */
public final class AgentRecordFilter {
    private final Predicate<AgentRecord> records;
    private final Consumer<byte[]> text;
    private final byte[] held = new byte[AgentRecordWriter.MAX_BYTES];
    private int heldLength;
    private boolean inRecord;

    /**
     * A filter at the beginning of a stream.
     *
     * @param records says whether it takes a record; one that it does not take stays text
     * @param text is given all other bytes, in order
     */
    public AgentRecordFilter(Predicate<AgentRecord> records, Consumer<byte[]> text) {
        this.records = records;
        this.text = text;
    }

    /** Takes the next bytes of the stream. */
    public void take(byte[] bytes, int length) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == AgentRecordWriter.RECORD_SEPARATOR) {
                // One that is cut off by another is none.
                pass(bytes, start, i);
                release();
                inRecord = true;
                start = i;
            } else if (inRecord && (bytes[i] == '\n' || heldLength + i - start >= held.length - 1)) {
                hold(bytes, start, i + 1);
                end();
                start = i + 1;
            }
        }
        pass(bytes, start, length);
    }

    /** The stream is at its end. */
    public void end() {
        inRecord = false;
        if (heldLength > 0 && isTaken()) {
            heldLength = 0;
        }
        release();
    }

    private boolean isTaken() {
        return held[heldLength - 1] == '\n'
                && AgentRecordParser.parse(held, 1, heldLength - 1)
                        .filter(records)
                        .isPresent();
    }

    private void pass(byte[] bytes, int start, int end) {
        if (inRecord) {
            hold(bytes, start, end);
        } else if (end > start) {
            text.accept(Arrays.copyOfRange(bytes, start, end));
        }
    }

    private void hold(byte[] bytes, int start, int end) {
        System.arraycopy(bytes, start, held, heldLength, end - start);
        heldLength += end - start;
    }

    private void release() {
        inRecord = false;
        if (heldLength > 0) {
            text.accept(Arrays.copyOf(held, heldLength));
            heldLength = 0;
        }
    }
}
