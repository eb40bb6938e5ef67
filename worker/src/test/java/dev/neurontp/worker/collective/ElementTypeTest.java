package dev.neurontp.worker.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.rpc.XCollective;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers as their formats have them, and requests that are none. */
class ElementTypeTest {
    @Test
    void halfIsTheJdksHalfInEveryBit() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float expected = Float.float16ToFloat((short) bits);
            double got = ElementType.HALF.toDouble(bits);
            assertThat(Double.compare(got, expected)).isZero();
            if (Float.isFinite(expected)) {
                assertThat(ElementType.HALF.fromDouble(got)).isEqualTo(bits);
            }
        }
    }

    @Test
    void bfloat16IsTheUpperHalfOfAFloat() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float expected = Float.intBitsToFloat(bits << 16);
            assertThat(Double.compare(ElementType.BFLOAT16.toDouble(bits), expected))
                    .isZero();
            if (Float.isFinite(expected)) {
                assertThat(ElementType.BFLOAT16.fromDouble(expected)).isEqualTo(bits);
            }
        }
    }

    @Test
    void eightBitFloatsHaveTheirKnownNumbers() {
        assertThat(ElementType.F8E4M3.toDouble(0x7e)).isEqualTo(448);
        assertThat(ElementType.F8E4M3.toDouble(0x7f)).isNaN();
        assertThat(ElementType.F8E4M3.toDouble(0x38)).isEqualTo(1);
        assertThat(ElementType.F8E4M3.toDouble(0x01)).isEqualTo(Math.scalb(1.0, -9));
        assertThat(ElementType.F8E5M2.toDouble(0x7b)).isEqualTo(57344);
        assertThat(ElementType.F8E5M2.toDouble(0x7c)).isInfinite();
        assertThat(ElementType.F8E5M2.toDouble(0xbc)).isEqualTo(-1);
        for (ElementType type : List.of(ElementType.F8E4M3, ElementType.F8E5M2)) {
            for (int bits = 0; bits < 256; bits++) {
                if (Double.isFinite(type.toDouble(bits))) {
                    assertThat(type.fromDouble(type.toDouble(bits))).isEqualTo(bits);
                }
            }
        }
        assertThat(ElementType.F8E4M3.fromDouble(17)).as("to even").isEqualTo(ElementType.F8E4M3.fromDouble(16));
        assertThat(ElementType.F8E4M3.fromDouble(19)).as("to even").isEqualTo(ElementType.F8E4M3.fromDouble(20));
    }

    @Test
    void anElementShowsItsValueAndItsBits() {
        assertThat(ElementType.FLOAT.show(0x40400000)).isEqualTo("3 (0x40400000)");
        assertThat(ElementType.INT8.show(0xff)).isEqualTo("-1 (0xff)");
        assertThat(ElementType.UINT64.show(-1)).isEqualTo("18446744073709551615 (0xffffffffffffffff)");
        assertThat(ElementType.DOUBLE.show(Double.doubleToRawLongBits(0.5))).isEqualTo("0.5 (0x3fe0000000000000)");
    }

    @Test
    void aRequestThatIsUnknownIsUnsupportedAndOneThatContradictsItselfIsRefused() {
        assertUnsupported("all_scatter", "float", "sum", "out", "'all_scatter'");
        assertUnsupported("all_reduce", "f4", "sum", "out", "'f4'");
        assertUnsupported("all_reduce", "float", "mulsum", "out", "'mulsum'");
        assertUnsupported("alltoall", "float", "", "in", "two buffers");
        assertRefused("all_reduce", "sum", 0, "", "middle", "place is 'middle'");
        assertRefused("broadcast", "", 2, "", "out", "root is 2");
        for (String pairs : List.of("", "0", "0-0", "0-2", "0-1,1-0", "0-1,", "a-b", "0-1-1", "-1-0")) {
            assertRefused("pairs", "", 0, pairs, "out", "pairs is '" + pairs + "'");
        }
    }

    private static void assertUnsupported(String collective, String type, String op, String place, String words) {
        assertThatThrownBy(() -> of(collective, type, op, 0, "", place))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining(words);
    }

    private static void assertRefused(
            String collective, String op, int root, String pairs, String place, String words) {
        assertThatThrownBy(() -> of(collective, "float", op, root, pairs, place))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    private static CollectiveRequest of(String collective, String type, String op, int root, String pairs, String place)
            throws UnsupportedException {
        return CollectiveRequest.of(new XCollective(collective, type, op, 1, root, pairs, place, 0, 0, 0, 1, 0, 0), 2);
    }
}
