package dev.neurontp.worker.comm.loopback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CommIdTest {
    private static CommId id(String host) {
        return CommId.create(new InetSocketAddress(InetAddress.ofLiteral(host), 4711));
    }

    @Test
    void survivesARoundTripInBothAddressFamiliesAndBothCases() {
        for (String host : new String[] {"127.0.0.1", "::1"}) {
            CommId id = id(host);
            assertThat(id.toHex()).hasSize(256);
            assertThat(CommId.parse(id.toHex()).toHex()).isEqualTo(id.toHex());
            assertThat(CommId.parse(id.toHex().toUpperCase(Locale.ROOT)).address())
                    .isEqualTo(id.address());
        }
    }

    @Test
    void isLaidOutAsTheDocumentSays() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 4711);
        String hex = new CommId(address, new byte[CommId.NONCE_BYTES]).toHex();
        assertThat(hex.substring(0, 248))
                .isEqualTo("4e54504c4f4f5042" + "01" + "04" + "1267" + "7f000001" + "0".repeat(24) + "0".repeat(64)
                        + "0".repeat(128));
    }

    @Test
    void whatIsNoCommIdIsRefusedWithTheRule() {
        assertThatThrownBy(() -> CommId.parse(""))
                .hasMessageContaining("0 characters")
                .hasMessageContaining("256");
        assertThatThrownBy(() -> CommId.parse("g".repeat(256))).hasMessageContaining("hex digits");
        assertThatThrownBy(() -> CommId.parse("0".repeat(256))).hasMessageContaining("not one of the loopback");
    }

    @Property
    void anyChangedDigitIsNoticed(@ForAll @IntRange(max = 255) int at) {
        String hex = id("127.0.0.1").toHex();
        String changed = hex.substring(0, at) + (hex.charAt(at) == '0' ? '1' : '0') + hex.substring(at + 1);
        assertThatThrownBy(() -> CommId.parse(changed)).isInstanceOf(IllegalArgumentException.class);
    }
}
