import numpy as np, numba, time
from sim.core.lanes import *
from sim.core.lanes import table_of
from sim.core.day.order import PHASES, live_day, seed_today
from sim.core.counting import count_day
from sim.core.day.record import war_is_over, war_goes_on
from sim.core.jit import rule, entry
WT,PT,DT,ST = map(table_of,("world","p","today","setting"))

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
@numba.njit(error_model="numpy")
def one_day(pack, random_seed):
    for lane in range(LANES):
        live_day(world_of(pack,lane), today_of(pack,lane), setting_of(pack,lane), p_of(pack,lane), random_seed)
@numba.njit(error_model="numpy")
def run(pack, W, P, rows, T, S, seed, last):
    n=W.shape[0]
    for f in range(0,n,LANES):
        for l in range(LANES):
            put(pack,W[f+l],l,WT); put(pack,P[rows[f+l]],l,PT); put(pack,S[0],l,ST)
        for d in range(last):
            for l in range(LANES):
                put(pack,T[d],l,DT)
            one_day(pack, seed)
        for l in range(LANES):
            get(pack,W[f+l],l,WT)
