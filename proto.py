import numpy as np, numba, time
from sim.core.lanes import *
from sim.core.lanes import table_of
from sim.core.day.order import DAY as PH, seed_today
from sim.core.day import steps
from sim.core.jit import rule, entry
WT,PT,DT,ST = map(table_of,("world","p","today","setting"))
given=dict(LANES=LANES, world_of=world_of,p_of=p_of,today_of=today_of,setting_of=setting_of,seed_today=seed_today)
live_lanes = steps.side_by_side(PH, **given)

@numba.njit(error_model="numpy")
def put(pack, src, lane, table):
    for k in range(len(table)):
        b,t,s=table[k,0],table[k,1],table[k,2]
        for j in range(s):
            pack[t+lane*s+j]=src[b+j]
@numba.njit(error_model="numpy")
def get(pack, src, lane, table):
    for k in range(len(table)):
        b,t,s=table[k,0],table[k,1],table[k,2]
        for j in range(s):
            src[b+j]=pack[t+lane*s+j]
D8=DT[DT[:,2]==8]
assert len(D8)==len(DT)
D8=(D8[:,:2]//8).copy()
@numba.njit(error_model="numpy")
def day_in(pack8, day8, before8, first, table):
    for k in range(len(table)):
        v=day8[table[k,0]]
        if first or v!=before8[table[k,0]]:
            t=table[k,1]
            for l in range(LANES):
                pack8[t+l]=v
@numba.njit(error_model="numpy")
def run(pack, W, P, rows, T8, S, seed, last, D8, lanes, par, tl, st):
    n=W.shape[0]
    pack8=pack.view(np.uint64)
    for f in range(0,n,LANES):
        for l in range(LANES):
            put(pack,W[f+l],l,WT); put(pack,P[rows[f+l]],l,PT); put(pack,S[0],l,ST)
        for d in range(last):
            day_in(pack8, T8[d], T8[max(d-1,0)], d==0, D8)
            live_lanes(pack, lanes, par, rows[f:f+LANES], tl[d:d+1], st, seed)
        for l in range(LANES):
            get(pack,W[f+l],l,WT)
