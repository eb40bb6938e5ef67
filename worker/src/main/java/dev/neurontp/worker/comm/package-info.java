/** What joins the ranks of a group: {@link dev.neurontp.worker.Communicators} makes a rank's seat in it. */
package dev.neurontp.worker.comm;
