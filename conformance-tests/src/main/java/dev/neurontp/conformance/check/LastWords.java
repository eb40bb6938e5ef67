package dev.neurontp.conformance.check;

import dev.neurontp.conformance.process.Output.Reply;
import java.util.ArrayList;
import java.util.List;

/** What a worker replies up to its end, as much of it as is listened to: it may not stop, and a reply may be large. One thread. */
final class LastWords {

    private static final int ENOUGH = 1000;
    private static final long ENOUGH_BYTES = 64L << 20;

    private final List<Reply> replies = new ArrayList<>();
    private long bytes;

    void add(Reply reply) {
        replies.add(reply);
        bytes += reply.weight();
    }

    List<Reply> replies() {
        return replies;
    }

    /** Whether nobody need listen to more, where this much else was seen. */
    boolean areEnoughWith(int others) {
        return replies.size() + others >= ENOUGH || bytes >= ENOUGH_BYTES;
    }
}
