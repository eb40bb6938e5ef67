package dev.neurontp.harness.daemon.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepeatedProblemTest {
    private final RepeatedProblem problem = new RepeatedProblem();

    /** A disk that is full for this user: others still write to it. */
    @Test
    void anotherNumberIsNoNewProblem() {
        assertThat(problem.isNew("no space (80371363840 bytes left)")).isTrue();
        assertThat(problem.isNew("no space (80209104896 bytes left)")).isFalse();
        assertThat(problem.isNew("this user may not")).isTrue();
        assertThat(problem.isNew("no space (1 bytes left)")).isTrue();
    }

    @Test
    void whatComesBackAfterItsEndIsNew() {
        assertThat(problem.isNew("no space")).isTrue();
        problem.over();
        assertThat(problem.isNew("no space")).isTrue();
    }
}
