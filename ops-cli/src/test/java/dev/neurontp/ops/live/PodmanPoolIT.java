package dev.neurontp.ops.live;

import dev.neurontp.testing.Programs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Pools in containers of a real Podman, one a rank. */
@Tag("long")
class PodmanPoolIT extends ContainerFaults {
    /** Podman raises these two, which a root without CAP_SYS_RESOURCE cannot. */
    private static final List<String> LIMITS = List.of("--ulimit=nofile=1024:1024", "--ulimit=nproc=4096:4096");

    @BeforeAll
    static void loadTheImage() throws Exception {
        require(podman());
        requireRun(podman(), Stream.concat(volumes().stream(), LIMITS.stream()).toList());
    }

    /** With runc where that is there: crun refuses control groups of both versions side by side. */
    private static List<String> podman() {
        List<String> words = new ArrayList<>(List.of("podman", "--events-backend=file"));
        Programs.onPath("runc").ifPresent(runc -> words.add("--runtime=" + runc));
        return words;
    }

    @Override
    String preset() {
        return "podman";
    }

    @Override
    List<String> program() {
        return podman();
    }

    @Override
    List<String> limits() {
        return LIMITS;
    }
}
