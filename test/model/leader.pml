/* leader.pml -- two janitors, one leader lease, one task whose lease may run out. Every step is one transaction.
 * The code: services/janitor/lead.ts, shared/db/transactions/{take-leader-lease,expire-leases}.ts. The lead is an economy;
 * what keeps a paused former leader from harm is that each repair names what it saw.
 *
 * LEAD  1 only who holds the leader lease sweeps   0 both sweep
 * GUARD 1 a repair is a compare-and-set on state, token and lease   0 it writes what was decided when the janitor looked
 * OVER  1 the leader lease runs out   0 it lasts until its holder gives it up
 * Faults: janitor 1 may be killed at any step, for ever; either may pause for any time; ATTEMPTS claims of the task, each
 * of which may go silent and come back. */
#ifndef LEAD
#define LEAD 1
#endif
#ifndef GUARD
#define GUARD 1
#endif
#ifndef OVER
#define OVER 1
#endif
#ifndef ATTEMPTS
#define ATTEMPTS 4
#endif
byte tok = 1; bool running = true, silent;   /* row: token, claimed, and whether the lease has run out */
byte requeued[ATTEMPTS + 1];                 /* how often an attempt's end was recorded */
byte lead; bool leadOver = true;             /* row: who leads, and whether that has run out */
bool gone;                                   /* the worker will never be heard of again */

proctype Janitor(byte id) {
  byte seen;
  do
  :: atomic { LEAD && (lead==id || lead==0 || leadOver) -> lead=id; leadOver=false }; goto look
  :: !LEAD -> goto look
  :: id==1 -> printf("J1 is killed\n"); goto end
  :: gone && !running -> goto end
  od;
look:
  if
  :: atomic { running && silent -> seen=tok; printf("J%d sees that the lease of token %d ran out\n",id,seen) }
  :: atomic { !(running && silent) -> seen=0 }
  fi;
  if
  :: id==1 -> printf("J1 is killed\n"); goto end
  :: skip
  fi;
  atomic {
    if
    :: seen!=0 && GUARD && running && silent && tok==seen -> running=false; requeued[tok]++; assert(requeued[tok]<2); printf("J%d requeues token %d\n",id,tok)
    :: seen!=0 && !GUARD -> assert(running && silent && tok==seen); running=false; requeued[tok]++; printf("J%d requeues token %d\n",id,tok)
    :: else -> skip
    fi;
    seen=0
  };
  if
  :: gone && !running -> goto end
  :: else
  fi;
  do
  :: true -> break
  od;
  if
  :: atomic { LEAD && (lead==id || lead==0 || leadOver) -> lead=id; leadOver=false }; goto look
  :: atomic { LEAD && !(lead==id || lead==0 || leadOver) -> skip }; goto wait
  :: !LEAD -> goto look
  fi;
wait:
  if
  :: atomic { lead==id || lead==0 || leadOver -> lead=id; leadOver=false }; goto look
  :: gone && !running -> goto end
  fi;
end:
  skip
}

/* The task: its lease runs out, a heartbeat takes it back, it is claimed again; at last its worker dies. */
proctype Worker() {
  do
  :: atomic { running && !silent -> silent=true }
  :: atomic { running && silent -> silent=false; printf("token %d is heard of again\n",tok) }
  :: atomic { !running && tok<ATTEMPTS -> tok++; running=true; silent=false; printf("token %d claims\n",tok) }
  :: atomic { running -> silent=true; gone=true; printf("the worker of token %d dies\n",tok) }; break
  :: atomic { !running && tok==ATTEMPTS -> gone=true }; break
  od
}
proctype Clock() { do :: atomic { OVER && lead!=0 && !leadOver -> leadOver=true } :: gone && !running -> break od }
init { atomic { run Janitor(1); run Janitor(2); run Worker(); run Clock() } }
#ifdef LIVE
/* the last attempt is requeued, whoever leads or died leading */
ltl swept { [] (gone -> <> !running) }
#endif
