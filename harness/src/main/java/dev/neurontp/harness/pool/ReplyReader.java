package dev.neurontp.harness.pool;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WireException;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.comm.RankIdentity;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Decodes and judges the lines of one worker, given what it was asked. For one thread. */
final class ReplyReader {
    private static final int QUOTED_BYTES = 200;
    private static final int QUOTED_CHARS = 64;
    /** Longer lines are not kept: a right reply has less than that. */
    private static final int KEPT_BYTES = 256;

    private final RankIdentity identity;
    /** The last right line: the same bytes once more, such as the next pong, cost no parsing. */
    private Operation<?> lastAsked;

    private byte[] lastLine;
    private Reply lastReply;

    ReplyReader(RankIdentity identity) {
        this.identity = identity;
    }

    /**
     * Reads one line.
     *
     * @param asked the operation without a reply so far, or null for none
     */
    Reply read(Operation<?> asked, byte[] line) {
        if (asked != null && asked == lastAsked && Arrays.equals(line, lastLine)) {
            return lastReply;
        }
        WorkerResponse response;
        try {
            response = WireCodec.decodeResponse(line);
        } catch (WireException e) {
            return new Reply.Wrong(
                    RankFault.Nature.STDOUT,
                    "it sent a line that is no reply: '" + quote(line) + "' (" + e.getMessage() + ")");
        }
        if (asked == null) {
            return new Reply.Wrong(
                    RankFault.Nature.PROTOCOL, "it sent '" + response.op() + "' although nothing was asked");
        }
        Reply reply = Reply.of(asked, identity, response);
        if (reply instanceof Reply.Right && line.length <= KEPT_BYTES) {
            lastAsked = asked;
            lastLine = line;
            lastReply = reply;
        }
        return reply;
    }

    private static String quote(byte[] line) {
        int length = Math.min(line.length, QUOTED_BYTES);
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        return ForeignText.of(text, QUOTED_CHARS);
    }
}
