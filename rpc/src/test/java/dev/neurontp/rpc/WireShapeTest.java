package dev.neurontp.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The wire, byte for byte. Whoever changes one of these literals changes the contract. */
class WireShapeTest {
    @Test
    void requestsHaveTheirExactBytes() {
        assertThat(text(new WorkerRequest.Ping())).isEqualTo("{\"op\":\"ping\"}");
        assertThat(text(new WorkerRequest.Init("00ff"))).isEqualTo("{\"op\":\"init\",\"comm_id\":\"00ff\"}");
        assertThat(text(new WorkerRequest.NcclSanityCheck())).isEqualTo("{\"op\":\"nccl_sanity_check\"}");
        assertThat(text(new WorkerRequest.Shutdown())).isEqualTo("{\"op\":\"shutdown\"}");
        assertThat(text(new WorkerRequest.XNcclCheck())).isEqualTo("{\"op\":\"x_nccl_check\"}");
    }

    @Test
    void anUnknownOpIsAnsweredWithEveryOpThereIs() throws ReflectiveOperationException {
        String refusal = Decoding.refusal("{\"op\":\"generate\"}");

        assertThat(refusal)
                .isEqualTo("unknown op 'generate': this worker knows"
                        + " ping, init, nccl_sanity_check, x_nccl_check, x_device, x_collective and shutdown");
        for (Class<?> request : WorkerRequest.class.getPermittedSubclasses()) {
            assertThat(refusal).containsPattern("\\b" + request.getField("OP").get(null) + "\\b");
        }
    }

    @Test
    void repliesHaveTheirExactBytes() {
        assertThat(text(new WorkerResponse.Pong(1, 2, 3)))
                .isEqualTo("{\"op\":\"pong\",\"rank\":1,\"world_size\":2,\"cuda_device\":3}");
        assertThat(text(new WorkerResponse.InitOk())).isEqualTo("{\"op\":\"init_ok\"}");
        assertThat(text(new WorkerResponse.NcclSanityResult(4294967295L)))
                .isEqualTo("{\"op\":\"nccl_sanity_result\",\"observed_sum\":4294967295}");
        assertThat(text(new WorkerResponse.Bye())).isEqualTo("{\"op\":\"bye\"}");
        assertThat(text(new WorkerResponse.XNcclCheckResult(3, 6, "00000007")))
                .isEqualTo("{\"op\":\"x_nccl_check_result\",\"sum_of_ones\":3,\"sum_of_ranks\":6,"
                        + "\"rank_bits\":\"00000007\"}");
        assertThat(text(WorkerResponse.Error.of(ErrorKind.BAD_REQUEST, "say \"op\"\n")))
                .isEqualTo("{\"op\":\"error\",\"kind\":\"bad_request\",\"message\":\"say \\\"op\\\"\\n\"}");
    }

    @Test
    void errorKindsHaveTheirExactWords() {
        assertThat(ErrorKind.values())
                .extracting(ErrorKind::wireName)
                .containsExactly(
                        "bad_request",
                        "unknown_op",
                        "not_implemented_7a_i",
                        "cuda_feature_not_enabled",
                        "nccl_not_initialised",
                        "nccl_init_failed",
                        "nccl_sanity_failed",
                        "nccl_already_initialised");
        assertThat(ErrorKind.find("nccl_init_failed")).contains(ErrorKind.NCCL_INIT_FAILED);
        assertThat(ErrorKind.find("NCCL_INIT_FAILED")).isEmpty();
    }

    @Test
    void recordsRefuseWhatTheWireCannotCarry() {
        assertThatThrownBy(() -> new WorkerResponse.Pong(-1, 2, 0)).hasMessageContaining("rank is -1");
        assertThatThrownBy(() -> new WorkerResponse.NcclSanityResult(4294967296L))
                .hasMessageContaining("observed_sum is 4294967296");
        assertThatThrownBy(() -> new WorkerResponse.Error("k", "")).hasMessageContaining("message is empty");
        assertThatThrownBy(() -> new WorkerRequest.Init("\ud800")).hasMessageContaining("lone surrogate");
    }

    @Test
    void anErrorMessageIsCutBetweenTwoCharactersAndStaysBelow4KiB() {
        WorkerResponse.Error error = WorkerResponse.Error.of(ErrorKind.BAD_REQUEST, "x" + "😀".repeat(100_000));

        assertThat(error.message()).startsWith("x😀").endsWith("😀…");
        assertThat(error.message().getBytes(UTF_8).length).isBetween(2000, 4096);
    }

    @Test
    void anErrorMessageMayQuoteWhatIsNotWellFormed() {
        assertThat(WorkerResponse.Error.of(ErrorKind.BAD_REQUEST, "a\ud800b").message())
                .isEqualTo("a?b");
    }

    private static String text(WorkerRequest request) {
        return new String(WireCodec.encode(request), UTF_8);
    }

    private static String text(WorkerResponse response) {
        return new String(WireCodec.encode(response), UTF_8);
    }
}
