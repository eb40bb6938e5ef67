package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies from one device to another, and who can access whose memory. */
@SimTest
class PeerTest {
    private static final int PEER_ACCESS_UNSUPPORTED = 217;
    private static final int PEER_ACCESS_NOT_ENABLED = 705;
    private static final int TOO_MANY_PEERS = 711;
    private static final byte[] CONTENT = {1, 2, 3, 4, 5, 6, 7, 8};

    /** The faults are of device 1 and of both directions between 1 and 2. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            ''                , 0, 1, true,  true
            deny@access:1     , 1, 0, false, true
            deny@access:1     , 0, 1, true,  true
            deny@access:1-2   , 1, 2, false, true
            deny@access:1-2   , 2, 1, false, true
            deny@access:1-2   , 0, 2, true,  true
            corrupt@peer:1    , 0, 1, true,  false
            corrupt@peer:1    , 1, 0, true,  true
            corrupt@peer:1-2  , 2, 1, true,  false
            corrupt@peer:1-2  , 0, 1, true,  true
            """)
    void aCopyArrivesAndAccessIsAsked(String fault, int from, int to, boolean access, boolean right) {
        try (Environment _ = Environment.withFault(fault);
                Gpu target = Gpu.open(to)) {
            long targetContext = context(to);
            long received = target.allocate(CONTENT.length);
            try (Gpu source = Gpu.open(from)) {
                long sourceContext = context(from);
                long sent = source.allocate(CONTENT);
                assertThat(canAccess(from, to)).isEqualTo(access);
                assertThat(Gpu.library().call("cuCtxEnablePeerAccess", targetContext, 0))
                        .isEqualTo(access ? 0 : PEER_ACCESS_UNSUPPORTED);
                Gpu.check(Gpu.library()
                        .call(
                                "cuMemcpyPeerAsync",
                                received,
                                targetContext,
                                sent,
                                sourceContext,
                                (long) CONTENT.length,
                                source.stream()));
                byte[] arrived = source.read(received, CONTENT.length);
                assertThat(arrived[0]).isEqualTo((byte) (right ? 1 : 0));
                assertThat(arrived).endsWith(2, 3, 4, 5, 6, 7, 8);
            }
        }
    }

    /** As without NVSwitch, where it is eight. */
    @Test
    void aDeviceMayAccessSoManyOthersAtOnce() {
        try (Environment _ = Environment.with("NEURONTP_SIM_PEERS", "1");
                Gpu _ = Gpu.open(1);
                Gpu _ = Gpu.open(2);
                Gpu _ = Gpu.open(0)) {
            assertThat(Gpu.library().call("cuCtxEnablePeerAccess", context(1), 0))
                    .isZero();
            assertThat(Gpu.library().call("cuCtxEnablePeerAccess", context(2), 0))
                    .isEqualTo(TOO_MANY_PEERS);
            assertThat(Gpu.library().call("cuCtxDisablePeerAccess", context(1))).isZero();
            assertThat(Gpu.library().call("cuCtxDisablePeerAccess", context(1))).isEqualTo(PEER_ACCESS_NOT_ENABLED);
            assertThat(Gpu.library().call("cuCtxEnablePeerAccess", context(2), 0))
                    .isZero();
        }
    }

    /** That of an open GPU. Whoever keeps it longer keeps its errors too, for all tests after this one. */
    private static long context(int device) {
        long context = Gpu.handle("cuDevicePrimaryCtxRetain", device);
        Gpu.check(Gpu.library().call("cuDevicePrimaryCtxRelease_v2", device));
        return context;
    }

    private static boolean canAccess(int device, int peer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment can = arena.allocate(ValueLayout.JAVA_INT);
            Gpu.check(Gpu.library().call("cuDeviceCanAccessPeer", can, device, peer));
            return can.get(ValueLayout.JAVA_INT, 0) != 0;
        }
    }
}
