package dev.neurontp.harness.pool;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.rpc.RepeatedLine;
import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WireException;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.comm.RankIdentity;
import java.nio.charset.StandardCharsets;

/** Decodes and judges the lines of one worker, given what it was asked. For one thread. */
final class ReplyReader {
    private static final int QUOTED_BYTES = 200;
    private static final int QUOTED_CHARS = 64;

    private final RankIdentity identity;
    /** The last right line, and what it was a reply to. */
    private final RepeatedLine<Reply> repeated = new RepeatedLine<>();

    private Operation<?> lastAsked;

    ReplyReader(RankIdentity identity) {
        this.identity = identity;
    }

    /**
     * Reads one line.
     *
     * @param asked the operation without a reply so far, or null for none
     */
    Reply read(Operation<?> asked, byte[] line) {
        Reply again = asked != null && asked == lastAsked ? repeated.of(line) : null;
        if (again != null) {
            return again;
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
        if (reply instanceof Reply.Right) {
            lastAsked = asked;
            repeated.keep(line, reply);
        }
        return reply;
    }

    private static String quote(byte[] line) {
        int length = Math.min(line.length, QUOTED_BYTES);
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        return ForeignText.of(text, QUOTED_CHARS);
    }
}
