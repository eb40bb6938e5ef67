package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.WorkerRequest;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.worker.PendingRequests.Pending;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What waits behind a blocking request takes no more memory than one frame of the largest size. */
@Timeout(30)
class PendingRequestsTest {
    private static final String LARGE = "0-1,".repeat(2 << 20); // 8 Mi characters

    private static XCollective run(String pairs) {
        return new XCollective("pairs", "int8", "", 1, 0, pairs, "out", 0, 0, 1, 0, 0, 0);
    }

    @Test
    void theTextsOfARequestCount() throws Exception {
        PendingRequests pending = new PendingRequests();
        assertThat(pending.offer(Pending.ask(run(LARGE)), 0)).isTrue();
        assertThat(pending.offer(Pending.ask(run(LARGE)), 0)).isFalse();
        assertThat(pending.offer(Pending.ask(new WorkerRequest.Init(LARGE)), 0)).isFalse();
        assertThat(pending.offer(Pending.ask(new WorkerRequest.Ping()), 0)).isTrue();
        assertThat(pending.take().request()).isInstanceOf(XCollective.class);
        assertThat(pending.offer(Pending.ask(run(LARGE)), 0)).isTrue();
    }
}
