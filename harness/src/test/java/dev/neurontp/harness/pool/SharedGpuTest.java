package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XDeviceInfo;
import dev.neurontp.worker.comm.RankIdentity;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SharedGpuTest {
    private static final RankIdentity WHO = new RankIdentity(0, 2, 0);

    private static XDeviceInfo info(String boot, String uuid) {
        return new XDeviceInfo(
                "h",
                boot,
                "nccl",
                false,
                uuid,
                "0000:1b:00.0",
                "a GPU",
                "580",
                "13.0",
                "2.28.9",
                "libnccl.so.2",
                OptionalLong.empty(),
                OptionalLong.empty(),
                "",
                "9.0");
    }

    private static SortedMap<Integer, WorkerResponse> replies(WorkerResponse... replies) {
        SortedMap<Integer, WorkerResponse> all = new TreeMap<>();
        for (WorkerResponse reply : replies) {
            all.put(all.size(), reply);
        }
        return all;
    }

    @Test
    void theSecondRankOnAGpuIsNamedWithTheFirst() {
        SortedMap<Integer, String> wrong =
                SharedGpu.find(3, replies(info("b", "GPU-1"), info("b", "GPU-2"), info("b", "GPU-1")));
        assertThat(wrong).containsOnlyKeys(2);
        assertThat(wrong.get(2)).contains("the GPU of rank 0: GPU-1 (0000:1b:00.0) of host h", "CUDA_VISIBLE_DEVICES");
    }

    @Test
    void otherHostsNoGpuAndRanksThatCannotTellAreNoDuplicates() {
        WorkerResponse error = WorkerResponse.Error.of(ErrorKind.CUDA_FEATURE_NOT_ENABLED, "no driver");
        assertThat(SharedGpu.find(2, replies(info("b", "GPU-1"), info("c", "GPU-1"))))
                .isEmpty();
        assertThat(SharedGpu.find(2, replies(info("b", ""), info("b", "")))).isEmpty();
        assertThat(SharedGpu.find(3, replies(error, error, info("b", "GPU-1")))).isEmpty();
    }

    @Test
    void sharingIsAskedForByOurVariableOrNcclsOwn() {
        assertThat(SharedGpu.isAskedFor(Map.of())).isFalse();
        assertThat(SharedGpu.isAskedFor(Map.of("NEURON_TP_SHARED_GPU", "0"))).isFalse();
        assertThat(SharedGpu.isAskedFor(Map.of("NEURON_TP_SHARED_GPU", "1"))).isTrue();
        assertThat(SharedGpu.isAskedFor(Map.of("NCCL_MULTI_RANK_GPU_ENABLE", "1")))
                .isTrue();
        assertThat(SharedGpu.isAskedFor(Map.of("NCCL_HOSTID", "a"))).isTrue();
    }

    /** What a rank says of its device is not the question's failure; a join that cannot work says it in its own words. */
    @Test
    void anErrorIsAnAnswerToTheQuestionForTheDevice() {
        WorkerResponse error = WorkerResponse.Error.of(ErrorKind.CUDA_FEATURE_NOT_ENABLED, "no driver");
        assertThat(Reply.of(Operation.DEVICE, WHO, error)).isInstanceOf(Reply.Right.class);
        assertThat(Reply.of(Operation.INIT, WHO, error)).isInstanceOf(Reply.Refusal.class);
        assertThat(Reply.of(Operation.DEVICE, WHO, new WorkerResponse.Bye())).isInstanceOf(Reply.Wrong.class);
    }

    /** Texts of a worker are cleaned where they enter. */
    @Test
    void theDescriptionIsCleaned() {
        Reply reply = Reply.of(Operation.DEVICE, WHO, info("b", "GPU\u202e1"));
        assertThat(((Reply.Right) reply).response()).isEqualTo(info("b", "GPU?1"));
    }
}
