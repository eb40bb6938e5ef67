package dev.neurontp.ops.live;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Pools in containers of a real Docker Engine, one a rank. */
@Tag("long")
class DockerPoolIT extends ContainerFaults {
    private static final List<String> DOCKER = List.of("docker");
    /** The preset asks for no limit of locked memory, which a root without CAP_SYS_RESOURCE cannot give. */
    private static final List<String> LIMITS = List.of("--ulimit=memlock=65536");

    @BeforeAll
    static void loadTheImage() throws Exception {
        require(DOCKER);
        requireRun(DOCKER, Stream.concat(volumes().stream(), LIMITS.stream()).toList());
    }

    @Override
    String preset() {
        return "docker";
    }

    @Override
    List<String> program() {
        return DOCKER;
    }

    @Override
    List<String> limits() {
        return LIMITS;
    }
}
