package dev.neurontp.harness.pool;

import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WireException;
import dev.neurontp.rpc.WireText;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.comm.RankIdentity;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Tells what the lines of one worker are worth, given what it was asked. Any thread may call. */
final class ReplyReader {
    private static final int QUOTED_BYTES = 200;
    private static final Reply RIGHT_PONG = new Reply.Pong();

    private final RankIdentity identity;
    /** How our own workers write it: compared as bytes, the commonest of all replies costs no parsing. */
    private final byte[] usualPong;

    ReplyReader(RankIdentity identity) {
        this.identity = identity;
        this.usualPong =
                WireCodec.encode(new WorkerResponse.Pong(identity.rank(), identity.worldSize(), identity.cudaDevice()));
    }

    /**
     * Reads one line.
     *
     * @param asked what the worker owes a reply to, or {@link Op#IDLE} when nothing
     */
    Reply read(Op asked, byte[] line) {
        if (asked == Op.PING && Arrays.equals(line, usualPong)) {
            return RIGHT_PONG;
        }
        WorkerResponse response;
        try {
            response = WireCodec.decodeResponse(line);
        } catch (WireException e) {
            return new Reply.Bad(
                    RankFault.Nature.STDOUT,
                    "it sent a line that is no reply: '" + quote(line) + "' (" + e.getMessage() + ")");
        }
        if (asked == Op.IDLE) {
            return breach("it sent '" + response.op() + "' although nothing was asked");
        }
        return switch (response) {
            case WorkerResponse.Pong seen when asked == Op.PING -> pong(seen);
            case WorkerResponse.InitOk _ when asked == Op.INIT -> new Reply.Value(0);
            case WorkerResponse.NcclSanityResult seen when asked == Op.SANITY -> new Reply.Value(seen.observedSum());
            case WorkerResponse.XNcclCheckResult seen when asked == Op.CHECK -> new Reply.Sums(seen);
            case WorkerResponse.Bye _ when asked == Op.SHUTDOWN -> new Reply.Bye();
            case WorkerResponse.Error error -> new Reply.Refusal(error);
            default -> breach("it answered " + asked.label() + " with '" + response.op() + "'");
        };
    }

    private Reply pong(WorkerResponse.Pong seen) {
        RankIdentity claimed = new RankIdentity(seen.rank(), seen.worldSize(), seen.cudaDevice());
        return claimed.equals(identity)
                ? RIGHT_PONG
                : breach("its pong names " + name(claimed) + ", and it was started as " + name(identity));
    }

    private static Reply breach(String reason) {
        return new Reply.Bad(RankFault.Nature.PROTOCOL, reason);
    }

    private static String name(RankIdentity who) {
        return "rank " + who.rank() + " of " + who.worldSize() + " on device " + who.cudaDevice();
    }

    private static String quote(byte[] line) {
        int length = Math.min(line.length, QUOTED_BYTES);
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        return WireText.quotable(text.replaceAll("\\p{Cntrl}", "?"));
    }
}
