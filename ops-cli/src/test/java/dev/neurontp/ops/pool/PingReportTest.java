package dev.neurontp.ops.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.api.OperationView.Result;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PingReportTest {
    private final StringWriter out = new StringWriter();
    private final PrintWriter writer = new PrintWriter(out, true);
    private final Screen screen = new Screen(new Terminal(writer, writer, false, false), Screen.UNBOUNDED, false);
    private final PingReport report = new PingReport(screen, "k3vd7q2m", false);

    @Test
    void theRoundThatCtrlCInterruptsIsNotLost() {
        report.asked();
        answered(1.0);
        report.asked();
        report.sums();
        assertThat(out.toString()).contains("1 round, 1 answered, 0.000% loss");
    }

    @Test
    void theSumsComeOnceAndNothingComesAfterThem() {
        report.asked();
        report.lost("busy");
        report.sums();
        report.sums();
        answered(1.0);
        assertThat(out.toString())
                .containsOnlyOnce("statistics")
                .matches("(?s).* time [0-9]+[.][0-9] s\n")
                .contains("100.0% loss");
    }

    private void answered(double millis) {
        report.answered(ApiJson.tree(Map.of()), Result.times(millis, List.of()));
    }
}
