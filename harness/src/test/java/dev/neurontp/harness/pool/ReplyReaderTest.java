package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.comm.RankIdentity;
import org.junit.jupiter.api.Test;

class ReplyReaderTest {
    private static final byte[] PONG = WireCodec.encode(new WorkerResponse.Pong(1, 2, 1));

    private final ReplyReader replies = new ReplyReader(new RankIdentity(1, 2, 1));

    @Test
    void theSameBytesAreTheSameReplyToTheSameOperation() {
        Reply first = replies.read(Operation.PING, PONG);

        assertThat(first).isEqualTo(new Reply.Right(new WorkerResponse.Pong(1, 2, 1)));
        assertThat(replies.read(Operation.PING, PONG.clone())).isSameAs(first);
    }

    @Test
    void theSameBytesAreWrongForAnotherOperationAndForNone() {
        replies.read(Operation.PING, PONG);

        assertThat(replies.read(Operation.INIT, PONG.clone()))
                .isEqualTo(new Reply.Wrong(RankFault.Nature.PROTOCOL, "it answered init with 'pong'"));
        assertThat(replies.read(null, PONG.clone()))
                .isEqualTo(new Reply.Wrong(RankFault.Nature.PROTOCOL, "it sent 'pong' although nothing was asked"));
    }
}
