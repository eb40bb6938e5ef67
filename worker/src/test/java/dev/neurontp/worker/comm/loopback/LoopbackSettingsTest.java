package dev.neurontp.worker.comm.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoopbackSettingsTest {
    @Test
    void anAddressWhoseZoneACommIdCannotTellIsRefused() {
        assertThatThrownBy(() -> LoopbackSettings.from(Map.of(LoopbackSettings.BIND, "fe80::1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("NEURON_LOOPBACK_BIND is 'fe80::1': a comm_id cannot tell the zone of a link-local address,"
                        + " so the other ranks could not connect: set another address of this host");
    }

    @Test
    void otherAddressesAreTaken() {
        for (String address : new String[] {"::1", "127.0.0.2", "169.254.3.4", "fd00::1"}) {
            assertThat(LoopbackSettings.from(Map.of(LoopbackSettings.BIND, address))
                            .bind()
                            .isAnyLocalAddress())
                    .isFalse();
        }
    }

    @Test
    void theSettingIsNamedWhereItsAddressIsTheReason() {
        LoopbackSettings settings = LoopbackSettings.DEFAULT;

        assertThat(settings.cannotListen(new IOException("Cannot assign requested address")))
                .isEqualTo("cannot listen on 127.0.0.1 (NEURON_LOOPBACK_BIND): Cannot assign requested address");
        assertThat(settings.cannotListen(ThreadLimitException.of("loopback-accept", new OutOfMemoryError())))
                .startsWith("cannot accept connections: the thread 'loopback-accept' cannot be started");
    }
}
