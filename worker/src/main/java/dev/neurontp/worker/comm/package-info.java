/** What joins the ranks of a group: {@link dev.neurontp.worker.comm.Communicators} makes a rank's seat in it. */
package dev.neurontp.worker.comm;
