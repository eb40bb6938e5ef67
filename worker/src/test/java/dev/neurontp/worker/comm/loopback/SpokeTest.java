package dev.neurontp.worker.comm.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A rank that links to rank 0, which the test plays. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpokeTest {
    private static final int ATTEMPTS = 10;

    private final LinkGroup group = new LinkGroup();
    private ServerSocket zero;
    private CommId id;
    private FutureTask<Throwable> linking;

    @BeforeEach
    void link() throws IOException {
        zero = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        InetSocketAddress address = (InetSocketAddress) zero.getLocalSocketAddress();
        id = CommId.create(address);
        Spoke spoke = new Spoke(group, id, 1, 2);
        linking = new FutureTask<>(() -> catchThrowable(() -> spoke.link(address)));
        Thread.ofVirtual().start(linking);
    }

    @AfterEach
    void end() throws IOException {
        group.fail("the test is over");
        zero.close();
    }

    @Test
    void aLinkThatIsClosedWithoutAnAnswerIsTriedAgain() throws Exception {
        accept().close();
        try (Link second = accept()) {
            second.send(new Message.Go());
            assertThat(linking.get()).isNull();
        }
    }

    @Test
    void afterTenTriesRankZeroHasGone() throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            accept().close();
        }
        assertThat(linking.get()).hasMessageContaining("rank 0 has gone: its connection ended");
    }

    @Test
    void whatRankZeroAnswersCounts() throws Exception {
        try (Link refused = accept()) {
            refused.send(new Message.Refused("rank 1 is linked already"));
            assertThat(linking.get()).hasMessage("rank 0 refused this rank: rank 1 is linked already");
        }
    }

    @Test
    void aFailureOfItsGroupEndsTheWaitAndReachesRankZero() throws Exception {
        try (Link link = accept()) {
            group.fail("rank 1 was aborted");
            assertThat(linking.get()).hasMessage("rank 1 was aborted");
            assertThat(link.read()).isEqualTo(new Message.Failed("rank 1 was aborted"));
        }
    }

    private Link accept() throws IOException {
        Link link = new Link(zero.accept());
        link.prepare();
        link.receiveHandshake(Handshake.Endpoint.HUB, Acceptor.HANDSHAKE_TIMEOUT);
        return link;
    }
}
