package dev.neurontp.harness.pool;

/** Whom a channel tells. Called on the channel's threads; must not block. */
interface ChannelWatcher {
    /** The rank's pipe can no longer be trusted. At most once a channel. */
    void troubled(RankChannel channel, RankFault trouble);

    /** The rank is in another state. */
    void moved(RankChannel channel, RankState state);
}
