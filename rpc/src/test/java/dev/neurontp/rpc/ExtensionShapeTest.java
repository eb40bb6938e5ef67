package dev.neurontp.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.rpc.XCollectiveResult.Source;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The extensions with many fields, byte for byte, and what of them is refused. */
class ExtensionShapeTest {
    private static final String REQUEST = "{\"op\":\"x_collective\",\"collective\":\"all_reduce\",\"type\":\"float\","
            + "\"redop\":\"sum\",\"count\":\"268435456\",\"root\":0,\"pairs\":\"\",\"place\":\"out\",\"shift\":0,"
            + "\"warmup\":5,\"iterations\":20,\"checks\":1,\"seed\":\"9223372036854775807\",\"timeout_ms\":30000}";
    private static final String RESULT = "{\"op\":\"x_collective_result\",\"checked\":\"1024\",\"wrong\":\"515\","
            + "\"first_index\":\"7\",\"expected\":\"3 (0x40400000)\",\"got\":\"2 (0x40000000)\","
            + "\"cause\":\"rank 6 is missing\",\"wrong_from\":\"6:512,2:3\",\"device_ns_min\":\"1\","
            + "\"device_ns_median\":\"2\",\"device_ns_max\":\"3\",\"wall_ns_min\":\"\",\"wall_ns_median\":\"\","
            + "\"wall_ns_max\":\"\",\"arrived_ns\":\"99\",\"simulated\":1}";

    @Test
    void theyHaveTheirExactBytes() {
        assertThat(new String(WireCodec.encode(new WorkerRequest.XDevice()), UTF_8))
                .isEqualTo("{\"op\":\"x_device\"}");
        assertThat(new String(WireCodec.encode(Extensions.DEVICE_INFO), UTF_8))
                .isEqualTo("{\"op\":\"x_device_info\",\"host\":\"gpu7\","
                        + "\"boot_id\":\"0b6f0e4c-3d1c-4a86-a1f5-6f1d7c1e2a3b\",\"communicator\":\"nccl\","
                        + "\"simulated\":0,\"device_uuid\":\"GPU-6d1f04c2-1111-2222-3333-444455556666\","
                        + "\"pci_bus_id\":\"0000:1b:00.0\",\"device_name\":\"NVIDIA H100 80GB HBM3\","
                        + "\"driver\":\"580.159.04\",\"cuda\":\"13.0\",\"nccl\":\"2.28.9\","
                        + "\"nccl_library\":\"/usr/lib/libnccl.so.2\",\"memory_total\":\"85899345920\","
                        + "\"memory_free\":\"85000000000\",\"numa_node\":\"0\",\"compute_capability\":\"9.0\"}");
        assertThat(new String(WireCodec.encode(Extensions.COLLECTIVE), UTF_8)).isEqualTo(REQUEST);
        assertThat(new String(WireCodec.encode(Extensions.COLLECTIVE_RESULT), UTF_8))
                .isEqualTo(RESULT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"268435456", "\"\"", "\"-1\"", "\"+1\"", "\"01\"", "\"1.0\"", "\"9223372036854775808\"", "\"1 \""
            })
    void aCountIsAStringOfPlainDigits(String count) {
        assertThat(Decoding.refusal(REQUEST.replace("\"268435456\"", count))).contains("count");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"6\"",
                "\"6:\"",
                "\":6\"",
                "\"6:512,\"",
                "\"6:1:2\"",
                "\"0:1,1:1,2:1,3:1,4:1,5:1,6:1,7:1,8:1,9:1,10:1,11:1,12:1,13:1,14:1,15:1,16:1\""
            })
    void aReplyWithSourcesThatAreNoneIsRefused(String sources) {
        assertThat(Decoding.responseRefusal(RESULT.replace("\"6:512,2:3\"", sources)))
                .contains("wrong_from");
    }

    @Test
    void aReplyWithAPartOfItsTimesIsRefused() {
        assertThat(Decoding.responseRefusal(RESULT.replace("\"device_ns_median\":\"2\"", "\"device_ns_median\":\"\"")))
                .contains("device_ns", "all or none");
    }

    @Test
    void aLongOrUnprintableTextIsRefusedAndShortenedItFits() {
        String longText = "x".repeat(201);
        assertThat(Decoding.responseRefusal(RESULT.replace("rank 6 is missing", longText)))
                .contains("cause", "200");
        assertThat(Decoding.responseRefusal(RESULT.replace("rank 6 is missing", "a\\u001b[2Jb")))
                .contains("cause", "control");
        assertThat(WireText.shortened(longText)).hasSize(200).endsWith("x…");
        assertThat(WireText.shortened("x".repeat(198) + "😀y")).hasSize(200).endsWith("x?…");
        assertThat(WireText.shortened("a\u001bb\ud800")).isEqualTo("a?b?");
    }

    @Test
    void recordsRefuseWhatTheWireCannotCarry() {
        assertThatThrownBy(() -> new XCollective("", "", "", -1, 0, "", "", 0, 0, 0, 0, 0, 0))
                .hasMessageContaining("count is -1");
        assertThatThrownBy(() -> result(Collections.nCopies(17, new Source(1, 1))))
                .hasMessageContaining("17 ranks");
        assertThatThrownBy(() -> new Source(-1, 0)).hasMessageContaining("wrong_from");
    }

    @Test
    void anErrorOfTheExtensionsOwnKindHasItsWord() {
        assertThat(new String(WireCodec.encode(WorkerResponse.Error.unsupported("no f8e4m3 before NCCL 2.24")), UTF_8))
                .isEqualTo("{\"op\":\"error\",\"kind\":\"x_unsupported\","
                        + "\"message\":\"no f8e4m3 before NCCL 2.24\"}");
    }

    private static XCollectiveResult result(List<Source> sources) {
        return new XCollectiveResult(
                0,
                0,
                OptionalLong.empty(),
                "",
                "",
                "",
                sources,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                false);
    }
}
