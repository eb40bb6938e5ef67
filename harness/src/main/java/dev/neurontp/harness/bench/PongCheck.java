package dev.neurontp.harness.bench;

import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WireException;
import dev.neurontp.rpc.WorkerResponse.Pong;
import dev.neurontp.worker.comm.RankIdentity;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Tells right pongs of one worker. To read one takes longer than a ping, so one with the bytes of the last right one is not read. One thread. */
final class PongCheck {
    private final Pong right;
    private byte[] last = {};

    /** Of a worker that was started as {@code identity}. */
    PongCheck(RankIdentity identity) {
        right = new Pong(identity.rank(), identity.worldSize(), identity.cudaDevice());
    }

    boolean isRight(byte[] reply) {
        if (Arrays.equals(reply, last)) {
            return true;
        }
        if (!isPong(reply)) {
            return false;
        }
        last = reply;
        return true;
    }

    private boolean isPong(byte[] reply) {
        try {
            return WireCodec.decodeResponse(reply).equals(right);
        } catch (WireException _) {
            return false;
        }
    }

    /** What a reply should be. */
    String rule() {
        return "as it was started, its pong is to say " + new String(WireCodec.encode(right), StandardCharsets.UTF_8);
    }
}
