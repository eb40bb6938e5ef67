package dev.neurontp.harness.pool;

import dev.neurontp.worker.RankLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of a rank in the leader's process. What it reports is in the pool's results and failures: only a defect is news. */
final class LocalRankLog implements RankLog {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRankLog.class);

    @Override
    public void error(String message) {
        LOG.debug("{}", message);
    }

    @Override
    public void info(String message) {
        LOG.debug("{}", message);
    }

    @Override
    public void debug(String message) {
        LOG.debug("{}", message);
    }

    @Override
    public void bug(String what, Throwable bug) {
        LOG.error("{}", what, bug);
    }
}
